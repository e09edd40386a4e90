import { BookSide } from './book-side.js';
import type { BookSides } from './levels.js';

/** An order book kept from deltas. */
export class LocalBook {
  readonly asks: BookSide = new BookSide('lowest');
  readonly bids: BookSide = new BookSide('highest');

  replace(sides: BookSides): void {
    this.asks.clear();
    this.bids.clear();
    this.apply(sides);
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
