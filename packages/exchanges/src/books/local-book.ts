import { BookSide } from './book-side.js';
import type { BookChecksum } from './checksums.js';
import type { BookSides } from './levels.js';

/** An order book kept from deltas. */
export class LocalBook {
  readonly asks: BookSide;
  readonly bids: BookSide;
  readonly #checksum: BookChecksum | undefined;

  /** @param checksum the exchange's way to compare books, where it has one */
  constructor(checksum?: BookChecksum) {
    this.asks = new BookSide('lowest', checksum?.asks);
    this.bids = new BookSide('highest', checksum?.bids);
    this.#checksum = checksum;
  }

  replace(sides: BookSides): void {
    this.asks.replace(sides.asks);
    this.bids.replace(sides.bids);
  }

  apply(sides: BookSides): void {
    this.asks.apply(sides.asks);
    this.bids.apply(sides.bids);
  }

  truncate(depth: number): void {
    this.asks.truncate(depth);
    this.bids.truncate(depth);
  }

  /** The exchange's checksum of this book; undefined where it has none. */
  checksum(): number | undefined {
    return this.#checksum?.of(this);
  }
}
