import { type Clock, type RequestType, systemClock } from '@naru/core';
import { exchanges } from '@naru/exchanges';
import { WebSocket } from 'ws';
import { SimulatorError } from '../simulator-error.js';
import type { CapturedFrame } from './capture-file.js';

export interface RecordOptions {
  readonly exchange: string;
  readonly kind: RequestType;
  /** Market codes. */
  readonly symbols: readonly string[];
  /** Default: the exchange's own address. */
  readonly url?: string;
  /** Ends the recording. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  onFrame(frame: CapturedFrame): void;
}

/**
 * Connects to an exchange as a client would, subscribes, and hands over every frame as it came. Resolves when the
 * signal ends it or the exchange closes the socket.
 * @throws SimulatorError `record_failed` when the connection fails
 */
export function recordCapture(options: RecordOptions): Promise<void> {
  const { exchange, kind, symbols, signal, clock = systemClock } = options;
  const adapter = exchanges.get(exchange);
  const url = options.url ?? adapter.addresses.default(kind);
  const session = adapter.createSession(kind, { address: url });
  const first = session.changeSymbols(symbols);
  const socket = new WebSocket(url, { perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    let startedAt: number | undefined;
    let stopBeat = (): void => {};
    const beat = (): void => {
      const { heartbeat } = adapter;
      if (heartbeat.type === 'server') return;
      stopBeat = clock.schedule(heartbeat.intervalMs, () => {
        if (heartbeat.type === 'text') socket.send(heartbeat.payload);
        else socket.ping();
        beat();
      });
    };
    const stop = (): void => socket.terminate();
    socket.on('open', () => {
      for (const { payload } of first) socket.send(payload);
      beat();
    });
    socket.on('message', (data: Buffer, isBinary) => {
      startedAt ??= clock.monotonic();
      options.onFrame({ atMs: clock.monotonic() - startedAt, data: isBinary ? data : data.toString() });
      for (const { payload } of session.receive(data, clock.now() / 1000).replies) socket.send(payload);
    });
    socket.on('error', (cause) => {
      reject(
        new SimulatorError('record_failed', `Recording ${url} failed: ${cause.message}. Check the address.`, cause),
      );
    });
    socket.on('close', () => {
      stopBeat();
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}
