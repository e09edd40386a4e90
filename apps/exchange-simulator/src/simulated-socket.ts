import type { RequestType } from '@naru/core';
import type { PlayedExchange, PlayedSocket } from './exchanges/played-exchange.js';
import { LivenessWatch } from './liveness.js';
import type { Stream } from './stream.js';

/** What carries a socket's frames: a WebSocket, or a test. */
export interface Transport {
  /** Sends text in a framing of the exchange. */
  send(text: string, framing: PlayedExchange['framing']): void;
  /** Sends bytes as they are, in a binary frame. */
  sendBytes(bytes: Buffer): void;
  ping(): void;
  close(code: number, reason: string): void;
  /** Ends without a goodbye. */
  terminate(): void;
  /** Ends with a reset of the connection underneath. */
  reset(): void;
  /** Bytes accepted that have not left. */
  readonly bufferedBytes: number;
}

/** What a socket needs of the world it is in. */
export interface SocketWorld {
  stream(exchange: PlayedExchange, kind: RequestType, code: string, variant: string): Stream;
  timeOf(index: number): number;
  now(): number;
}

/** A connected client and what it receives. */
export class SimulatedSocket implements PlayedSocket {
  readonly exchange: PlayedExchange;
  readonly memory: Map<string, unknown> = new Map();
  readonly #transport: Transport;
  readonly #world: SocketWorld;
  readonly #streams = new Set<Stream>();
  readonly #watch: LivenessWatch;
  #second = 0;
  #inSecond = 0;

  constructor(exchange: PlayedExchange, transport: Transport, world: SocketWorld) {
    this.exchange = exchange;
    this.#transport = transport;
    this.#world = world;
    this.#watch = new LivenessWatch(exchange.liveness, world.now());
    exchange.opened?.(this);
  }

  get streams(): readonly Stream[] {
    return [...this.#streams];
  }

  get bufferedBytes(): number {
    return this.#transport.bufferedBytes;
  }

  send(text: string): void {
    this.#watch.sent(this.#world.now());
    this.#transport.send(text, this.exchange.framing);
  }

  /** Sends a stream's frame as this socket should have it. */
  deliver(text: string, stream: Stream): void {
    this.send(this.exchange.address?.(text, stream, this) ?? text);
  }

  sendBytes(bytes: Buffer): void {
    this.#transport.sendBytes(bytes);
  }

  /** Takes one text frame from the client. */
  receive(text: string): void {
    const now = this.#world.now();
    this.#watch.heardClient(now);
    const second = Math.floor(now / 1000);
    this.#inSecond = second === this.#second ? this.#inSecond + 1 : 1;
    this.#second = second;
    if (this.#inSecond > (this.exchange.maxMessagesPerSecond ?? Number.POSITIVE_INFINITY)) {
      this.close(1008, 'Too many requests');
      return;
    }
    this.exchange.receive(text, this);
  }

  /** Takes a protocol ping or pong from the client. */
  heardControlFrame(): void {
    this.#watch.heardClient(this.#world.now());
  }

  /** Sends the heartbeat that is due, or cuts the socket that is overdue. */
  check(): void {
    const due = this.#watch.due(this.#world.now(), this.#streams.size > 0);
    if (due === 'cut') this.terminate();
    if (due !== 'beat') return;
    const send = this.exchange.liveness.beat!.send;
    if (send === 'protocol-ping') this.#transport.ping();
    else send(this);
  }

  subscribe(kind: RequestType, code: string, variant = ''): Stream {
    const stream = this.#world.stream(this.exchange, kind, code, variant);
    if (this.#streams.has(stream)) return stream;
    this.#streams.add(stream);
    stream.sockets.add(this);
    const first = this.exchange.first?.(stream, this.#world.timeOf(stream.next - 1), this);
    if (first !== undefined) {
      stream.replayed += 1;
      this.deliver(first, stream);
    }
    return stream;
  }

  unsubscribe(kind: RequestType, code: string, variant = ''): void {
    this.#leave(this.#world.stream(this.exchange, kind, code, variant));
  }

  replace(kind: RequestType, codes: readonly string[]): void {
    const wanted = new Set(codes);
    for (const stream of this.streams) {
      if (stream.kind === kind && !wanted.has(stream.code)) this.#leave(stream);
    }
    for (const code of wanted) this.subscribe(kind, code);
  }

  close(code: number, reason: string): void {
    this.left();
    this.#transport.close(code, reason);
  }

  terminate(): void {
    this.left();
    this.#transport.terminate();
  }

  reset(): void {
    this.left();
    this.#transport.reset();
  }

  /** The client is gone: nothing is sent to it any more. */
  left(): void {
    for (const stream of this.streams) this.#leave(stream);
  }

  #leave(stream: Stream): void {
    this.#streams.delete(stream);
    stream.sockets.delete(this);
  }
}
