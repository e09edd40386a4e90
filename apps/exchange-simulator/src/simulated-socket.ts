import type { RequestType } from '@naru/core';
import type { WebSocket } from 'ws';
import type { PlayedExchange, PlayedSocket } from './exchanges/played-exchange.js';
import type { Stream } from './stream.js';

/** Finds or makes a stream and says when its first frame would be. */
export interface Streams {
  of(exchange: PlayedExchange, kind: RequestType, code: string): Stream;
  timeOf(index: number): number;
}

/** A connected client and what it receives. */
export class SimulatedSocket implements PlayedSocket {
  readonly #socket: WebSocket;
  readonly #exchange: PlayedExchange;
  readonly #streams: Streams;
  readonly #subscribed = new Set<Stream>();

  constructor(socket: WebSocket, exchange: PlayedExchange, streams: Streams) {
    this.#socket = socket;
    this.#exchange = exchange;
    this.#streams = streams;
    socket.on('message', (data) => exchange.receive(data.toString(), this));
    socket.on('close', () => this.replaceAll([]));
    // A client that vanishes raises an error before its close; the close is what matters.
    socket.on('error', () => {});
  }

  get subscriptions(): readonly { readonly kind: RequestType; readonly code: string }[] {
    return [...this.#subscribed].map((stream) => ({ kind: stream.kind, code: stream.market.code }));
  }

  /** Bytes accepted for this client that have not left yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(text, { binary: this.#exchange.framing === 'binary' });
  }

  subscribe(kind: RequestType, code: string): void {
    const stream = this.#streams.of(this.#exchange, kind, code);
    if (this.#subscribed.has(stream)) return;
    const timeMs = this.#streams.timeOf(stream.next - 1);
    const first = this.#exchange.first?.(kind, stream.market, stream.next, timeMs);
    if (first !== undefined) this.send(first);
    this.#subscribed.add(stream);
    stream.sockets.add(this);
  }

  unsubscribe(kind: RequestType, code: string): void {
    this.#leave(this.#streams.of(this.#exchange, kind, code));
  }

  replace(kind: RequestType, codes: readonly string[]): void {
    const wanted = new Set(codes);
    for (const stream of [...this.#subscribed]) {
      if (stream.kind === kind && !wanted.has(stream.market.code)) this.#leave(stream);
    }
    for (const code of wanted) this.subscribe(kind, code);
  }

  /** Leaves every stream not listed. */
  replaceAll(streams: readonly Stream[]): void {
    for (const stream of [...this.#subscribed]) if (!streams.includes(stream)) this.#leave(stream);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #leave(stream: Stream): void {
    this.#subscribed.delete(stream);
    stream.sockets.delete(this);
  }
}
