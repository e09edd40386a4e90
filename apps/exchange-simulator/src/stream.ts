import type { RequestType, StreamType } from '@naru/core';
import type { PlayedExchange } from './exchanges/played-exchange.js';
import { type BookStep, SimulatedBook } from './market/book.js';
import type { SimulatedMarket } from './market/market.js';
import type { SimulatedSocket } from './simulated-socket.js';

/** Levels of a book whose exchange says nothing else. */
const defaultDepth = 50;

/** One market's sequence of one kind, which goes to every socket that asked for it. */
export class Stream {
  readonly exchange: PlayedExchange;
  readonly kind: RequestType;
  readonly market: SimulatedMarket;
  /** What the exchange adds to kind and market, such as a depth. */
  readonly variant: string;
  readonly sockets: Set<SimulatedSocket> = new Set();
  /** Index of the next frame, which is also how many there were. */
  next = 0;
  /** Frames of the sequence that were made while nobody listened. */
  unheard = 0;
  /** Frames sent to new subscribers beside the sequence: each repeats the one before `next`. */
  replayed = 0;
  #book: SimulatedBook | undefined;
  #step: BookStep | undefined;

  constructor(exchange: PlayedExchange, kind: RequestType, market: SimulatedMarket, variant: string) {
    this.exchange = exchange;
    this.kind = kind;
    this.market = market;
    this.variant = variant;
  }

  get code(): string {
    return this.market.code;
  }

  /** The order book as of the last frame. */
  get book(): SimulatedBook {
    this.#book ??= new SimulatedBook(this.market, this.exchange.depth?.(this.variant) ?? defaultDepth);
    return this.#book;
  }

  /** The step that made the book what it is; there is one once a frame was made. */
  get step(): BookStep {
    return this.#step!;
  }

  /** Moves on to the next index and answers its frames. */
  advance(timeMs: number, streamType: StreamType = 'REALTIME'): readonly string[] {
    if (this.kind === 'orderbook') this.#step = this.book.step();
    const index = this.next;
    this.next += 1;
    return this.exchange.frames(this, index, timeMs, streamType);
  }
}
