import { BookSide } from './book-side.js';
import type { BookSides } from './levels.js';

/** An order book kept from deltas. */
export class LocalBook {
  readonly asks: BookSide;
  readonly bids: BookSide;

  /** @param keepsTexts whether a checksum will ask for the texts of levels */
  constructor(keepsTexts = false) {
    this.asks = new BookSide('lowest', keepsTexts);
    this.bids = new BookSide('highest', keepsTexts);
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
}
