import type { BookLevel } from '@naru/core';
import type { Levels } from './levels.js';

/**
 * One side of an order book: sorted, worst price first, so that changes near the best price, where nearly all happen,
 * move few elements.
 */
export class BookSide {
  readonly #prices: number[] = [];
  readonly #sizes: number[] = [];
  readonly #texts: string[] = [];
  /** 1 where the highest price is best, -1 where the lowest is. */
  readonly #sign: 1 | -1;

  constructor(best: 'highest' | 'lowest') {
    this.#sign = best === 'highest' ? 1 : -1;
  }

  get length(): number {
    return this.#prices.length;
  }

  clear(): void {
    this.#prices.length = 0;
    this.#sizes.length = 0;
    this.#texts.length = 0;
  }

  /** Sets absolute sizes in order; size 0 removes. */
  apply(levels: Levels): void {
    const { prices, sizes, texts } = levels;
    for (let i = 0; i < prices.length; i += 1) this.#set(prices[i]!, sizes[i]!, texts[i] ?? '');
  }

  /** Keeps the best `depth` levels. */
  truncate(depth: number): void {
    const excess = this.#prices.length - depth;
    if (excess <= 0) return;
    this.#prices.splice(0, excess);
    this.#sizes.splice(0, excess);
    this.#texts.splice(0, excess);
  }

  /** The best `depth` levels, best first. */
  top(depth: number): BookLevel[] {
    const last = this.#prices.length - 1;
    const count = Math.min(depth, last + 1);
    const levels = new Array<BookLevel>(count);
    for (let i = 0; i < count; i += 1) levels[i] = [this.#prices[last - i]!, this.#sizes[last - i]!];
    return levels;
  }

  /** The checksum text of the level at `rank`, 0 the best; undefined where there is none. */
  textAt(rank: number): string | undefined {
    return this.#texts[this.#texts.length - 1 - rank];
  }

  #set(price: number, size: number, text: string): void {
    const at = this.#find(price);
    const present = this.#prices[at] === price;
    if (size === 0) {
      if (!present) return;
      this.#prices.splice(at, 1);
      this.#sizes.splice(at, 1);
      this.#texts.splice(at, 1);
    } else if (present) {
      this.#sizes[at] = size;
      this.#texts[at] = text;
    } else {
      this.#prices.splice(at, 0, price);
      this.#sizes.splice(at, 0, size);
      this.#texts.splice(at, 0, text);
    }
  }

  /** Index of a price, or where it belongs. */
  #find(price: number): number {
    const target = price * this.#sign;
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#prices[middle]! * this.#sign < target) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
