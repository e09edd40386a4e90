import { type Clock, type RequestType, systemClock } from '@naru/core';
import { bomb } from './bomb.js';
import { playedExchanges } from './exchanges/all.js';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import { type ConnectionFault, type FaultEvent, type FaultRates, Faults } from './faults.js';
import { SimulatedMarket } from './market/market.js';
import { SimulatedSocket, type SocketWorld, type Transport } from './simulated-socket.js';
import { SimulatorError } from './simulator-error.js';
import { Stream } from './stream.js';

/** A client that reads this slowly is waited for: frames are held back, not thrown away. */
const maxBufferedBytes = 8 * 1024 * 1024;

/** How long a fault silences a market. */
const stallMs = 10_000;

export interface WorldOptions {
  readonly seed: number;
  /** Data frames per stream. */
  readonly messages: number;
  readonly unattended?: boolean | undefined;
  readonly startTimeMs?: number | undefined;
  readonly faults?: FaultRates | undefined;
  readonly clock?: Clock | undefined;
}

/** The exchanges without a network: markets, streams, sockets, and time that somebody else moves. */
export class World implements SocketWorld {
  readonly #options: WorldOptions;
  readonly #clock: Clock;
  readonly #streams = new Map<string, Stream>();
  readonly #sockets = new Set<SimulatedSocket>();
  readonly #stalled = new Set<string>();
  /** Streams that a fault has silenced, until when. */
  readonly #silentUntil = new Map<Stream, number>();
  readonly faults: Faults;
  #order: Stream[] = [];
  #turn = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.faults = new Faults(options.seed, options.faults ?? {});
  }

  now(): number {
    return this.#clock.now();
  }

  timeOf(index: number): number {
    const { startTimeMs } = this.#options;
    return startTimeMs === undefined ? Math.floor(this.#clock.now()) : startTimeMs + index;
  }

  /** Seats a client at an exchange; undefined when the exchange has enough of them and closed it. */
  connect(exchange: PlayedExchange, transport: Transport): SimulatedSocket | undefined {
    const { maxConnections } = exchange;
    const seated = [...this.#sockets].filter((socket) => socket.exchange === exchange).length;
    if (maxConnections !== undefined && seated >= maxConnections.count) {
      transport.close(maxConnections.closeCode, 'Too many connections');
      return undefined;
    }
    const socket = new SimulatedSocket(exchange, transport, this);
    this.#sockets.add(socket);
    return socket;
  }

  disconnect(socket: SimulatedSocket): void {
    socket.left();
    this.#sockets.delete(socket);
  }

  /** The stream of a market, made when it is first asked for. */
  stream(exchange: PlayedExchange, kind: RequestType, code: string, variant: string): Stream {
    const key = `${exchange.name}/${kind}/${code}/${variant}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = new Stream(exchange, kind, new SimulatedMarket(exchange.name, code, this.#options.seed), variant);
      this.#streams.set(key, stream);
      this.#order = [...this.#streams.values()];
    }
    return stream;
  }

  /** Every stream that was ever asked for. */
  get streams(): readonly Stream[] {
    return this.#order;
  }

  /** Every variant of a market's stream. */
  streamsOf(exchange: string, kind: RequestType, code: string): readonly Stream[] {
    return this.#order.filter(
      (stream) => stream.exchange.name === exchange && stream.kind === kind && stream.code === code,
    );
  }

  /** Sends the next frame of the next stream in turn that has a listener, or needs none, and something left; false when none has. */
  advance(): boolean {
    for (let tried = 0; tried < this.#order.length; tried += 1) {
      const stream = this.#order[this.#turn % this.#order.length]!;
      this.#turn += 1;
      if (!this.#mayAdvance(stream)) continue;
      if (stream.sockets.size === 0) stream.unheard += 1;
      const frames = stream.advance(this.timeOf(stream.next));
      // A copy: a client may leave and come back while it is being served.
      const sockets = [...stream.sockets];
      for (const text of this.faults.apply(frames, stream)) {
        for (const socket of sockets) socket.deliver(text, stream);
      }
      const after = this.faults.after();
      if (after === 'stall') this.#silentUntil.set(stream, this.now() + stallMs);
      else if (after !== undefined) for (const socket of sockets) befall(socket, after);
      return true;
    }
    return false;
  }

  /** Sends due heartbeats and cuts overdue sockets. */
  checkLiveness(): void {
    for (const socket of this.#sockets) socket.check();
  }

  /** Makes something happen to every socket of an exchange. */
  happen(event: FaultEvent, exchange: PlayedExchange): void {
    if (event === 'stall') this.#stalled.add(exchange.name);
    if (event === 'resume') this.#stalled.delete(exchange.name);
    for (const socket of this.#sockets) {
      if (socket.exchange === exchange && event !== 'stall' && event !== 'resume') befall(socket, event);
    }
  }

  /** Answers an HTTP call below an exchange's path. */
  rest(exchange: PlayedExchange, url: URL): string | undefined {
    const stream = (kind: RequestType, code: string, variant = ''): Stream =>
      this.stream(exchange, kind, code, variant);
    return exchange.rest?.(url, { stream }, Math.floor(this.now()));
  }

  #mayAdvance(stream: Stream): boolean {
    if (stream.next >= this.#options.messages) return false;
    if (stream.sockets.size === 0 && this.#options.unattended !== true) return false;
    if (this.#stalled.has(stream.exchange.name)) return false;
    const silentUntil = this.#silentUntil.get(stream);
    if (silentUntil !== undefined) {
      if (this.now() < silentUntil) return false;
      this.#silentUntil.delete(stream);
    }
    for (const socket of stream.sockets) if (socket.bufferedBytes > maxBufferedBytes) return false;
    return true;
  }
}

function befall(socket: SimulatedSocket, fault: ConnectionFault): void {
  const { maintenance } = socket.exchange;
  if (fault === 'drop') socket.terminate();
  if (fault === 'reset') socket.reset();
  if (fault === 'close') socket.close(1001, 'Going away');
  if (fault === 'bomb') socket.sendBytes(bomb());
  if (fault === 'maintenance' && maintenance !== undefined) socket.send(maintenance);
}

/** An exchange by name. */
export function playedExchange(name: string): PlayedExchange {
  const exchange = playedExchanges.get(name);
  if (exchange === undefined) {
    const known = [...playedExchanges.keys()].join(', ');
    throw new SimulatorError('unknown_exchange', `The simulator does not play "${name}"; it plays ${known}.`);
  }
  return exchange;
}
