import type { BookLevel } from '@naru/core';
import type { Levels } from './levels.js';

/** Stands for a text that was not sent with its level. */
const unknownText = '';

/**
 * One side of an order book: sorted, worst price first, so that changes near the best price, where nearly all happen,
 * move few elements.
 */
export class BookSide {
  readonly #prices: number[] = [];
  readonly #sizes: number[] = [];
  /** Checksum texts in step with the levels; empty where no checksum needs them. */
  readonly #texts: string[] = [];
  readonly #keepsTexts: boolean;
  /** 1 where the highest price is best, -1 where the lowest is. */
  readonly #sign: 1 | -1;

  constructor(best: 'highest' | 'lowest', keepsTexts: boolean) {
    this.#sign = best === 'highest' ? 1 : -1;
    this.#keepsTexts = keepsTexts;
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
    const hasTexts = texts.length > 0;
    for (let i = 0; i < prices.length; i += 1) this.#set(prices[i]!, sizes[i]!, hasTexts ? texts[i]! : unknownText);
  }

  /** Replaces everything. Snapshots come best first, as a rule, and then only have to be turned around. */
  replace(levels: Levels): void {
    this.clear();
    const { prices, sizes, texts } = levels;
    if (!isBestFirst(levels, this.#sign)) {
      this.apply(levels);
      return;
    }
    for (let i = prices.length - 1; i >= 0; i -= 1) {
      this.#prices.push(prices[i]!);
      this.#sizes.push(sizes[i]!);
      if (this.#keepsTexts) this.#texts.push(texts[i] ?? unknownText);
    }
  }

  /** Keeps the best `depth` levels. */
  truncate(depth: number): void {
    const excess = this.#prices.length - depth;
    if (excess <= 0) return;
    this.#prices.splice(0, excess);
    this.#sizes.splice(0, excess);
    if (this.#keepsTexts) this.#texts.splice(0, excess);
  }

  /** The best `depth` levels, best first. */
  top(depth: number): BookLevel[] {
    const last = this.#prices.length - 1;
    const count = Math.min(depth, last + 1);
    const levels = new Array<BookLevel>(count);
    for (let i = 0; i < count; i += 1) levels[i] = [this.#prices[last - i]!, this.#sizes[last - i]!];
    return levels;
  }

  /**
   * The checksum text of the level at `rank`, 0 the best; undefined where there is none. One that was not sent is made
   * of the numbers, once.
   */
  textAt(rank: number): string | undefined {
    const at = this.#prices.length - 1 - rank;
    const text = this.#texts[at];
    if (text !== unknownText) return text;
    // The highest price is best among bids; asks have negative sizes in such a text.
    const made = `${this.#prices[at]!}:${this.#sizes[at]! * this.#sign}`;
    this.#texts[at] = made;
    return made;
  }

  #set(price: number, size: number, text: string): void {
    const at = this.#find(price);
    const present = this.#prices[at] === price;
    if (size === 0) {
      if (!present) return;
      this.#prices.splice(at, 1);
      this.#sizes.splice(at, 1);
      if (this.#keepsTexts) this.#texts.splice(at, 1);
    } else if (present) {
      this.#sizes[at] = size;
      if (this.#keepsTexts) this.#texts[at] = text;
    } else {
      this.#prices.splice(at, 0, price);
      this.#sizes.splice(at, 0, size);
      if (this.#keepsTexts) this.#texts.splice(at, 0, text);
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

/** Whether prices only get worse and every level has a size. */
function isBestFirst({ prices, sizes }: Levels, sign: 1 | -1): boolean {
  for (let i = 0; i < prices.length; i += 1) {
    if (sizes[i] === 0 || (i > 0 && (prices[i]! - prices[i - 1]!) * sign >= 0)) return false;
  }
  return true;
}
