import type { BookLevel } from '@naru/core';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { BookPublisher, PublishedBook } from './book-publisher.js';
import type { BookChecksum } from './checksums.js';
import type { Continuity, DeltaSequence } from './continuity.js';
import type { BookSides, Levels } from './levels.js';
import { LocalBook } from './local-book.js';

/** What one exchange's books are kept with. */
export interface DeltaBooksOptions {
  readonly continuity: Continuity;
  readonly publisher: BookPublisher;
  /**
   * Asks the exchange for a new snapshot of one market: `lost` when the book was right before and is not now,
   * `absent` when a delta arrived and there is no book to apply it to.
   */
  resync(market: Market, why: 'lost' | 'absent', reading: Reading): void;
  /** Keep deltas while a snapshot is on its way, for snapshots that come from elsewhere. */
  readonly buffers?: boolean;
  /** Levels per side the exchange keeps; deeper ones fall out. */
  keep?(): number;
  /** Makes the exchange's checksum of one book. */
  checksum?(): BookChecksum;
  /** Report deltas as they stand in the frame. */
  readonly changes?: boolean;
}

interface BufferedDelta {
  readonly sides: BookSides;
  readonly sequence: DeltaSequence;
  readonly time: number;
}

/** Deltas kept per market while waiting; more than this and the snapshot is asked for again. */
const maxBuffered = 5_000;

/** One market's book: `waiting` for a snapshot or `live`. */
class MarketBook implements PublishedBook {
  readonly market: Market;
  readonly book: LocalBook;
  phase: 'waiting' | 'live' = 'waiting';
  sequenceNumber: number = Number.NaN;
  /** No delta was applied since a snapshot from elsewhere. */
  spliced = false;
  time = 0;
  buffer: BufferedDelta[] = [];

  constructor(market: Market, checksum: BookChecksum | undefined) {
    this.market = market;
    this.book = new LocalBook(checksum);
  }

  get sequence(): string | undefined {
    return this.sequenceNumber >= 0 ? String(this.sequenceNumber) : undefined;
  }

  asks(depth: number): BookLevel[] {
    return this.book.asks.top(depth);
  }

  bids(depth: number): BookLevel[] {
    return this.book.bids.top(depth);
  }
}

/** The order books of one socket, kept from snapshots and deltas. A market that loses its place starts over alone. */
export class DeltaBooks {
  readonly #options: DeltaBooksOptions;
  readonly #books = new WeakMap<Market, MarketBook>();

  constructor(options: DeltaBooksOptions) {
    this.#options = options;
  }

  /** Whether the market waits for a snapshot. */
  isWaiting(market: Market): boolean {
    return this.#of(market).phase === 'waiting';
  }

  /** A snapshot in the stream: it replaces the book and what was buffered. */
  snapshot(
    market: Market,
    sides: BookSides,
    sequence: number,
    time: number,
    checksum: number | undefined,
    reading: Reading,
  ): void {
    const state = this.#start(market, sides, sequence, time);
    state.spliced = false;
    state.buffer = [];
    if (this.#verified(state, checksum, reading)) this.#options.publisher.publish(state, 'SNAPSHOT', reading);
  }

  /** A snapshot from elsewhere: what was buffered since is applied to it. */
  splice(market: Market, sides: BookSides, sequence: number, time: number, reading: Reading): void {
    const state = this.#start(market, sides, sequence, time);
    state.spliced = true;
    const buffered = state.buffer;
    state.buffer = [];
    for (const delta of buffered) {
      if (!this.#apply(state, delta.sides, delta.sequence, delta.time, undefined, reading)) {
        // What comes after the gap may still follow on the next snapshot.
        if (this.#options.buffers) state.buffer = buffered.slice(buffered.indexOf(delta));
        return;
      }
    }
    this.#options.publisher.publish(state, 'SNAPSHOT', reading);
  }

  /** A delta in the stream. */
  delta(
    market: Market,
    sides: BookSides,
    sequence: DeltaSequence,
    time: number,
    checksum: number | undefined,
    reading: Reading,
  ): void {
    if (this.#options.changes) reportChange(market, sides, sequence.last, reading);
    const state = this.#of(market);
    if (state.phase === 'waiting') {
      if (this.#options.buffers) this.#buffer(state, sides, sequence, time);
      this.#options.resync(market, 'absent', reading);
      return;
    }
    const applied = this.#apply(state, sides, sequence, time, checksum, reading);
    if (applied === 'changed') this.#options.publisher.publish(state, 'REALTIME', reading);
    else if (!applied && this.#options.buffers) this.#buffer(state, sides, sequence, time);
  }

  /** A checksum that came on its own, for the book as it is. */
  verify(market: Market, checksum: number, reading: Reading): void {
    const state = this.#of(market);
    if (state.phase === 'live') this.#verified(state, checksum, reading);
  }

  /** Starts a market over, after its stream itself said something that cannot be. */
  lose(market: Market, reading: Reading): void {
    const state = this.#of(market);
    const wasLive = state.phase === 'live';
    state.phase = 'waiting';
    state.buffer = [];
    this.#options.publisher.withhold(market);
    if (wasLive) reading.resyncs += 1;
    this.#options.resync(market, wasLive ? 'lost' : 'absent', reading);
  }

  #of(market: Market): MarketBook {
    let state = this.#books.get(market);
    if (state === undefined) {
      state = new MarketBook(market, this.#options.checksum?.());
      this.#books.set(market, state);
    }
    return state;
  }

  #start(market: Market, sides: BookSides, sequence: number, time: number): MarketBook {
    const state = this.#of(market);
    state.book.replace(sides);
    if (this.#options.keep !== undefined) state.book.truncate(this.#options.keep());
    state.sequenceNumber = sequence;
    state.time = time;
    state.phase = 'live';
    return state;
  }

  #buffer(state: MarketBook, sides: BookSides, sequence: DeltaSequence, time: number): void {
    if (state.buffer.length >= maxBuffered) state.buffer = [];
    state.buffer.push({ sides: { asks: sides.asks.copy(), bids: sides.bids.copy() }, sequence, time });
  }

  /** False when the book lost its place. */
  #apply(
    state: MarketBook,
    sides: BookSides,
    sequence: DeltaSequence,
    time: number,
    checksum: number | undefined,
    reading: Reading,
  ): 'changed' | 'held' | false {
    const place = this.#options.continuity(state.sequenceNumber, sequence, state.spliced);
    if (place === 'held') return 'held';
    if (place === 'gap') {
      reading.fail(
        'gap',
        `Updates after ${state.sequenceNumber} are missing before ${sequence.last}.`,
        state.market.code,
      );
      this.lose(state.market, reading);
      return false;
    }
    state.spliced = false;
    state.book.apply(sides);
    if (this.#options.keep !== undefined) state.book.truncate(this.#options.keep());
    state.sequenceNumber = sequence.last;
    if (time > 0) state.time = time;
    return this.#verified(state, checksum, reading) ? 'changed' : false;
  }

  #verified(state: MarketBook, checksum: number | undefined, reading: Reading): boolean {
    if (checksum === undefined) return true;
    const own = state.book.checksum();
    if (own === undefined || own === checksum) return true;
    reading.fail('checksum', `The book's checksum is ${own}, the exchange's ${checksum}.`, state.market.code);
    this.lose(state.market, reading);
    return false;
  }
}

function reportChange(market: Market, sides: BookSides, sequence: number, reading: Reading): void {
  const change = { code: market.code, asks: pairs(sides.asks), bids: pairs(sides.bids) };
  reading.change(sequence >= 0 ? { ...change, sequence: String(sequence) } : change);
}

const pairs = ({ length, prices, sizes }: Levels): BookLevel[] =>
  Array.from({ length }, (_, i) => [prices[i]!, sizes[i]!]);
