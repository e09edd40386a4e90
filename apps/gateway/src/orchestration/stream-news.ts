import { type Clock, type Metrics, silentMetrics } from '@naru/core';
import type { EventPublisher } from '../events/event-publisher.js';
import { GatewayError, type GatewayErrorCode } from '../gateway-error.js';
import { createRepeats, type Repeats } from '../repeats.js';
import type { Stream, StreamListener } from '../streams/stream.js';
import { type CommandProgress, unfollowed } from './command-progress.js';
import type { ConnectionRecorder } from './connection-recorder.js';

export interface StreamNewsOptions {
  readonly events: Pick<EventPublisher, 'confirmed' | 'failed'>;
  readonly recorder: Pick<ConnectionRecorder, 'record'>;
  /** Counts every error, whether it has an event or not, as `gateway_stream_errors_total`. Default: silent. */
  readonly metrics?: Metrics | undefined;
  /** Follows commands. Default: nobody does. */
  readonly progress?: CommandProgress | undefined;
  readonly clock: Clock;
}

/** Errors of one stream and code that have an event each within a minute. */
const eventsInFull = 20;
/** As many symbols are named of those that have none. */
const maxNamed = 100;
const maxNameLength = 100;

/** One code's errors of a stream under one command. */
interface Window {
  readonly correlationId: string | undefined;
  readonly repeats: Repeats<string>;
}

/**
 * Tells over Kafka, and in the fleet's state, what streams meet: proofs, refusals, silence, lost sockets. An exchange
 * may refuse with every frame: of each stream and code the first in a minute have an event each, the rest one together.
 */
export function createStreamNews(options: StreamNewsOptions): StreamListener {
  const { events, recorder, metrics = silentMetrics, progress = unfollowed, clock } = options;
  const windows = new WeakMap<Stream, Map<string, Window>>();

  const tell = (
    { target }: Stream,
    error: GatewayError,
    correlationId: string | undefined,
    context?: Readonly<Record<string, unknown>>,
  ): void =>
    events.failed({
      boundary: error.code === 'connect_failed' ? 'ws_connection' : 'ws_protocol',
      error,
      target,
      correlationId,
      context,
    });

  const windowOf = (stream: Stream, code: GatewayErrorCode, retryable: boolean): Window => {
    const { correlationId } = stream;
    const ofStream = windows.get(stream) ?? new Map<string, Window>();
    windows.set(stream, ofStream);
    const known = ofStream.get(code);
    // Whoever sent the next command is to hear of it as if there had been none before.
    if (known && known.correlationId === correlationId) return known;
    known?.repeats.flush();
    const repeats = createRepeats<string>({
      clock,
      inFull: eventsInFull,
      maxKept: maxNamed,
      onLeftOut(count, symbols) {
        const names = symbols.length > 0 ? `: ${symbols.slice(0, 10).join(', ')}${count > 10 ? ' …' : ''}` : '';
        const more = new GatewayError(code, `${count} more of the same within a minute${names}.`, { retryable });
        tell(stream, more, correlationId, { left_out: count, ...(symbols.length > 0 && { symbols }) });
      },
    });
    const window = { correlationId, repeats };
    ofStream.set(code, window);
    return window;
  };

  const fail = (stream: Stream, error: GatewayError, symbol?: string): void => {
    metrics.count('gateway_stream_errors_total', 1, { ...stream.target, code: error.code });
    const { repeats } = windowOf(stream, error.code, error.retryable);
    if (repeats.admits(symbol?.slice(0, maxNameLength))) tell(stream, error, stream.correlationId);
  };

  return {
    onOpened({ correlationId }, connection, socket) {
      progress.note(correlationId, { step: 'dialled', connection, socket });
    },
    onConfirmed(stream, symbols) {
      progress.note(stream.correlationId, { step: 'proved', symbols });
      for (const symbol of symbols) events.confirmed(stream.target, symbol, stream.correlationId);
      recorder.record(stream, 'connected');
    },
    onRefused(stream, symbol, reason) {
      const message = `${stream.target.exchange} refused ${symbol ?? 'a subscription'}: ${reason}.`;
      fail(stream, new GatewayError('subscription_refused', message), symbol);
    },
    onUnconfirmed(stream, symbols) {
      const some = `${symbols.slice(0, 10).join(', ')}${symbols.length > 10 ? ' …' : ''}`;
      const message = `${stream.target.exchange} neither confirmed nor sent ${symbols.length} of ${stream.symbols.length} symbols in time: ${some}. Check that it lists them.`;
      fail(stream, new GatewayError('proof_timeout', message));
    },
    onTrouble(stream, error) {
      const message = `The connection to ${stream.url.host} failed: ${error.message}. It is tried again by itself.`;
      fail(stream, new GatewayError('connect_failed', message, { cause: error, retryable: true }));
      recorder.record(stream, 'connecting');
    },
  };
}
