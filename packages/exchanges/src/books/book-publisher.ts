import type { BookLevel, OrderbookRecord, StreamType } from '@naru/core';
import type { BookPublishing } from '../adapter.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';

/** A book that can say its best levels now. */
export interface PublishedBook {
  readonly market: Market;
  readonly time: number;
  readonly sequence: string | undefined;
  asks(depth: number): BookLevel[];
  bids(depth: number): BookLevel[];
}

/** Turns books into records: at every change, or at most once per interval and market with the latest state. */
export class BookPublisher {
  readonly #depth: number;
  readonly #intervalSeconds: number;
  readonly #publishedAt = new WeakMap<Market, number>();
  readonly #held = new Map<Market, { readonly book: PublishedBook; readonly streamType: StreamType }>();

  constructor(options: { readonly depth: number; readonly publish: BookPublishing }) {
    this.#depth = options.depth;
    this.#intervalSeconds = options.publish === 'every-change' ? 0 : options.publish.intervalMs / 1000;
  }

  publish(book: PublishedBook, streamType: StreamType, reading: Reading): void {
    if (this.#intervalSeconds > 0) {
      const last = this.#publishedAt.get(book.market);
      if (last !== undefined && reading.receivedAt < last + this.#intervalSeconds) {
        this.#held.set(book.market, { book, streamType });
        return;
      }
      this.#publishedAt.set(book.market, reading.receivedAt);
      this.#held.delete(book.market);
    }
    reading.record(this.#recordOf(book, streamType, reading.receivedAt));
  }

  /** Publishes what was held back and is due. */
  flush(reading: Reading): void {
    for (const [market, { book, streamType }] of this.#held) {
      const last = this.#publishedAt.get(market) ?? 0;
      if (reading.receivedAt < last + this.#intervalSeconds) continue;
      this.#held.delete(market);
      this.#publishedAt.set(market, reading.receivedAt);
      reading.record(this.#recordOf(book, streamType, reading.receivedAt));
    }
  }

  /** Forgets what was held back of a book that is no longer known to be right. */
  withhold(market: Market): void {
    this.#held.delete(market);
  }

  #recordOf(book: PublishedBook, streamType: StreamType, receivedAt: number): OrderbookRecord {
    const record: OrderbookRecord = {
      code: book.market.code,
      timestamp: book.time,
      asks: book.asks(this.#depth),
      bids: book.bids(this.#depth),
      stream_type: streamType,
      received_at: receivedAt,
    };
    if (book.sequence !== undefined) record.sequence = book.sequence;
    return record;
  }
}
