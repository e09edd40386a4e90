import type { MarketRecord, OrderbookRecord, RequestType } from '@naru/core';
import {
  type ExchangeSession,
  exchanges,
  type FrameFailure,
  type Received,
  type SessionOptions,
} from '@naru/exchanges';
import type { SimulatedSocket } from '../simulated-socket.js';
import { playedExchange, type World } from '../world.js';

/** A client of the simulated world without a network: frames, answers and HTTP calls pass directly. For tests. */
export class InMemoryClient {
  readonly session: ExchangeSession;
  readonly records: MarketRecord[] = [];
  readonly confirmed: string[] = [];
  readonly rejected: (string | undefined)[] = [];
  readonly failures: FrameFailure[] = [];
  readonly lastBooks: Map<string, OrderbookRecord> = new Map();
  /** Set to keep every record; off for long runs. */
  readonly #keeps: boolean;
  readonly #world: World;
  readonly #exchange: string;
  readonly #socket: SimulatedSocket;
  readonly #inbox: (string | Buffer)[] = [];
  #busy = false;
  #now = 1_800_000_000;

  constructor(world: World, exchange: string, kind: RequestType, options: SessionOptions = {}, keeps = true) {
    this.#world = world;
    this.#exchange = exchange;
    this.#keeps = keeps;
    this.session = exchanges.get(exchange).createSession(kind, options);
    this.#socket = world.connect(playedExchange(exchange), {
      send: (text) => this.#arrive(text),
      sendBytes: (bytes) => this.#arrive(bytes),
      ping: () => {},
      close: () => {},
      terminate: () => {},
      reset: () => {},
      bufferedBytes: 0,
    })!;
  }

  subscribe(codes: readonly string[]): void {
    for (const { payload } of this.session.changeSymbols(codes)) this.#socket.receive(payload);
  }

  /** Time passes between frames, so that what waits for time goes on. */
  passSeconds(seconds: number): void {
    this.#now += seconds;
  }

  /** Frames are read one after another, however answers to them are nested. */
  #arrive(data: string | Buffer): void {
    this.#inbox.push(data);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#inbox.shift(); next !== undefined; next = this.#inbox.shift()) {
      this.#take(this.session?.receive(next, this.#now));
    }
    this.#busy = false;
  }

  #take(received: Received | undefined): void {
    if (received === undefined) return;
    for (const record of received.records) {
      if (this.#keeps) this.records.push(record);
      if ('asks' in record) this.lastBooks.set(record.code, record);
    }
    this.confirmed.push(...received.confirmed);
    this.rejected.push(...received.rejected.map((rejection) => rejection.code));
    if (this.#keeps) this.failures.push(...received.failures);
    for (const { payload } of received.replies) this.#socket.receive(payload);
    for (const request of received.fetches) {
      const body = this.#world.rest(playedExchange(this.#exchange), new URL(request.url));
      this.#take(this.session.answer(request, body ?? new Error('not found'), this.#now));
    }
  }
}
