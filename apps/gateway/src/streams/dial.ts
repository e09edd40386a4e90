import WebSocket from 'ws';
import { type AddressPolicy, createGuardedLookup } from './address-policy.js';
import { createFramesInTurns } from './frames-in-turns.js';

/** What a connection does with an open socket. */
export interface Socket {
  /** Messages are handed over from now on; until then the socket is read no further than its first ones. */
  start(): void;
  send(data: string | Buffer): void;
  /** Sends a ping frame. */
  ping(): void;
  /** Bytes handed to the socket and not yet sent. */
  readonly bufferedBytes: number;
  /** Begins the closing handshake; `onClose` follows at the latest after a few seconds. */
  close(): void;
  /** Drops the connection at once. */
  terminate(): void;
}

export interface SocketHandlers {
  onMessage(data: Buffer): void;
  /** A ping or a pong frame arrived: the other side lives. */
  onLife(): void;
  /** Called once, whoever closed. `reason` is bounded by the protocol to 123 bytes. */
  onClose(code: number, reason: string): void;
}

/** Opens a socket; rejects when it cannot be opened. */
export type Dial = (url: URL, handlers: SocketHandlers) => Promise<Socket>;

export interface DialOptions {
  readonly policy: AddressPolicy;
  /** Largest message accepted. A larger one closes the socket with 1009. */
  readonly maxPayloadBytes: number;
  /** Longest time until a socket is open, from resolving its name on. */
  readonly handshakeTimeoutMs: number;
}

/** Pieces of one message: exchanges send whole messages, proxies split them into a few. */
const maxFragments = 256;

/** Pieces of the network that may wait for the rest of their frame: a frame of 1 MiB that comes byte by byte has more. */
const maxBufferedChunks = 16 * 1024;

export function createDial(options: DialOptions): Dial {
  const lookup = createGuardedLookup(options.policy);
  return (url, handlers) =>
    new Promise((resolve, reject) => {
      const ws = new WebSocket(url, {
        lookup,
        maxPayload: options.maxPayloadBytes,
        maxFragments,
        maxBufferedChunks,
        // A deflated frame of 96 KiB can unfold to 96 MiB, and inflating costs more than it saves here.
        perMessageDeflate: false,
        followRedirects: false,
        // A pong for every ping of thousands in one read would be thousands of writes.
        autoPong: false,
        // The data is JSON, which is parsed next and fails on bad UTF-8 by itself.
        skipUTF8Validation: true,
      });
      const frames = createFramesInTurns({
        handle: handlers.onMessage,
        pause: () => ws.pause(),
        resume: () => ws.resume(),
        held: true,
      });
      let lastError: Error | undefined;
      let opened = false;
      // The library's own timeout begins anew with every byte: a peer that sends one at a time would hold it for ever.
      const handshake = setTimeout(() => {
        lastError = new Error(`the handshake took longer than ${options.handshakeTimeoutMs} ms`);
        ws.terminate();
      }, options.handshakeTimeoutMs);
      ws.on('error', (error) => {
        lastError ??= error;
      });
      ws.on('open', () => {
        clearTimeout(handshake);
        opened = true;
        resolve({
          start: () => frames.start(),
          send: (data) => ws.send(data),
          ping: () => ws.ping(),
          get bufferedBytes() {
            return ws.bufferedAmount;
          },
          close: () => ws.close(1000),
          terminate() {
            frames.drop();
            ws.terminate();
          },
        });
      });
      ws.on('message', (data) => frames.receive(data as Buffer));
      /** Of pings that came together only the latest has to be answered (RFC 6455, 5.5.3). */
      let ping: Buffer | undefined;
      ws.on('ping', (data) => {
        handlers.onLife();
        if (!ping) {
          setImmediate(() => {
            ws.pong(ping);
            ping = undefined;
          });
        }
        ping = data;
      });
      ws.on('pong', handlers.onLife);
      ws.on('close', (code, reason) => {
        clearTimeout(handshake);
        if (opened) frames.afterAll(() => handlers.onClose(code, lastError?.message ?? reason.toString()));
        else reject(lastError ?? new Error(`closed with ${code} before it was open`));
      });
    });
}
