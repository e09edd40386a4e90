import type { BookLevel } from '@naru/core';
import type { LevelColumn } from './level-column.js';
import { grown, type Levels } from './levels.js';

/** No market has as many; what a faulty or hostile stream adds beyond falls out at the worst price. */
const maxLevels = 200_000;

/** Up to this many elements a loop moves faster than the built-in methods. */
const fewElements = 40;

/**
 * One side of an order book: sorted, worst price first, so that changes near the best price, where nearly all happen,
 * move few elements. Numbers stand in flat arrays; the `[price, size]` of a published level is made when it is first
 * published and shared by every record until the level changes.
 */
export class BookSide {
  #prices: Float64Array = new Float64Array(64);
  #sizes: Float64Array = new Float64Array(64);
  readonly #published: (BookLevel | undefined)[] = [];
  #length = 0;
  readonly #column: LevelColumn | undefined;
  /** 1 where the highest price is best, -1 where the lowest is. */
  readonly #sign: 1 | -1;

  /** @param column what a checksum needs of each level, kept in step with them */
  constructor(best: 'highest' | 'lowest', column?: LevelColumn) {
    this.#sign = best === 'highest' ? 1 : -1;
    this.#column = column;
  }

  get length(): number {
    return this.#length;
  }

  /** Price at a position, 0 the worst. */
  priceAt(at: number): number {
    return this.#prices[at]!;
  }

  /** Size at a position, 0 the worst. */
  sizeAt(at: number): number {
    return this.#sizes[at]!;
  }

  /** Sets absolute sizes in order; size 0 removes. */
  apply(levels: Levels): void {
    for (let i = 0; i < levels.length; i += 1) this.#set(levels.prices[i]!, levels.sizes[i]!, levels, i);
    this.truncate(maxLevels);
  }

  /** Replaces everything. Snapshots come best first, as a rule, and then only have to be turned around. */
  replace(levels: Levels): void {
    this.#length = 0;
    this.#published.length = 0;
    if (!isBestFirst(levels, this.#sign)) {
      this.apply(levels);
      return;
    }
    const { prices, sizes, length } = levels;
    while (this.#prices.length < length) this.#grow();
    for (let at = 0, i = length - 1; i >= 0; i -= 1, at += 1) {
      this.#prices[at] = prices[i]!;
      this.#sizes[at] = sizes[i]!;
      this.#published.push(undefined);
      this.#column?.set(at, levels, i);
    }
    this.#length = length;
    this.truncate(maxLevels);
  }

  /** Keeps the best `depth` levels. */
  truncate(depth: number): void {
    const excess = this.#length - depth;
    if (!(excess > 0)) return;
    this.#prices.copyWithin(0, excess, this.#length);
    this.#sizes.copyWithin(0, excess, this.#length);
    this.#published.splice(0, excess);
    this.#column?.drop(excess, this.#length);
    this.#length = depth;
  }

  /** The best `depth` levels, best first. The levels, not the list, are shared: do not modify them. */
  top(depth: number): BookLevel[] {
    const last = this.#length - 1;
    const count = Math.min(depth, this.#length);
    const published = this.#published;
    const levels = new Array<BookLevel>(count);
    for (let i = 0; i < count; i += 1) {
      const at = last - i;
      let level = published[at];
      if (level === undefined) {
        level = [this.#prices[at]!, this.#sizes[at]!];
        published[at] = level;
      }
      levels[i] = level;
    }
    return levels;
  }

  #set(price: number, size: number, frame: Levels, index: number): void {
    const at = this.#find(price);
    const present = at < this.#length && this.#prices[at] === price;
    if (size === 0) {
      if (present) this.#remove(at);
      return;
    }
    if (present) {
      this.#published[at] = undefined;
    } else {
      this.#open(at);
      this.#prices[at] = price;
    }
    this.#sizes[at] = size;
    this.#column?.set(at, frame, index);
  }

  #open(at: number): void {
    const length = this.#length;
    if (length === this.#prices.length) this.#grow();
    const prices = this.#prices;
    const sizes = this.#sizes;
    const published = this.#published;
    if (length - at > fewElements) {
      prices.copyWithin(at + 1, at, length);
      sizes.copyWithin(at + 1, at, length);
      published.splice(at, 0, undefined);
    } else {
      published.push(undefined);
      for (let i = length; i > at; i -= 1) {
        prices[i] = prices[i - 1]!;
        sizes[i] = sizes[i - 1]!;
        published[i] = published[i - 1];
      }
      published[at] = undefined;
    }
    this.#column?.open(at, length);
    this.#length = length + 1;
  }

  #remove(at: number): void {
    const length = this.#length;
    const prices = this.#prices;
    const sizes = this.#sizes;
    const published = this.#published;
    if (length - at > fewElements) {
      prices.copyWithin(at, at + 1, length);
      sizes.copyWithin(at, at + 1, length);
      published.splice(at, 1);
    } else {
      for (let i = at + 1; i < length; i += 1) {
        prices[i - 1] = prices[i]!;
        sizes[i - 1] = sizes[i]!;
        published[i - 1] = published[i];
      }
      published.pop();
    }
    this.#column?.close(at, length);
    this.#length = length - 1;
  }

  #grow(): void {
    this.#prices = grown(this.#prices);
    this.#sizes = grown(this.#sizes);
  }

  /** Index of a price, or where it belongs. */
  #find(price: number): number {
    const prices = this.#prices;
    const sign = this.#sign;
    const target = price * sign;
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (prices[middle]! * sign < target) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Whether prices only get worse and every level has a size. */
function isBestFirst({ prices, sizes, length }: Levels, sign: 1 | -1): boolean {
  for (let i = 0; i < length; i += 1) {
    if (sizes[i] === 0 || (i > 0 && (prices[i]! - prices[i - 1]!) * sign >= 0)) return false;
  }
  return true;
}
