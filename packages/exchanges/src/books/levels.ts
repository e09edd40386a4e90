import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';

/** The levels of one side of one frame, in its order. One instance is reused for every frame of a session. */
export class Levels {
  readonly prices: number[] = [];
  readonly sizes: number[] = [];
  /** What a checksum needs of each level, where the exchange's own digits matter; otherwise empty. */
  readonly texts: string[] = [];

  get length(): number {
    return this.prices.length;
  }

  clear(): void {
    this.prices.length = 0;
    this.sizes.length = 0;
    this.texts.length = 0;
  }

  push(price: number, size: number): void {
    this.prices.push(price);
    this.sizes.push(size);
  }

  /** A copy that outlives the frame. */
  copy(): Levels {
    const copy = new Levels();
    copy.prices.push(...this.prices);
    copy.sizes.push(...this.sizes);
    copy.texts.push(...this.texts);
    return copy;
  }
}

/** Both sides of one frame. */
export interface BookSides {
  readonly asks: Levels;
  readonly bids: Levels;
}

export const createSides = (): BookSides => ({ asks: new Levels(), bids: new Levels() });

/**
 * Reads `[[price, size, …], …]`; a missing side is an empty one. Answers the number of levels that could not be read,
 * or -1 when it is no list at all. A level without a price above 0 and a size of at least 0 cannot be read.
 */
export function readPairs(list: unknown, into: Levels): number {
  into.clear();
  if (list === undefined) return 0;
  if (!Array.isArray(list)) return -1;
  let bad = 0;
  for (const pair of list) {
    if (Array.isArray(pair)) bad += pushLevel(into, toNumber(pair[0]), toNumber(pair[1]));
    else bad += 1;
  }
  return bad;
}

/** Reads `[{priceKey: …, sizeKey: …}, …]` by the rules of `readPairs`. */
export function readObjects(list: unknown, priceKey: string, sizeKey: string, into: Levels): number {
  into.clear();
  if (list === undefined) return 0;
  if (!Array.isArray(list)) return -1;
  let bad = 0;
  for (const level of list) {
    if (isObject(level)) bad += pushLevel(into, toNumber(level[priceKey]), toNumber(level[sizeKey]));
    else bad += 1;
  }
  return bad;
}

/** Adds a level unless its numbers are wrong; answers how many were. */
export function pushLevel(into: Levels, price: number, size: number): 0 | 1 {
  if (!(price > 0 && size >= 0)) return 1;
  into.push(price, size);
  return 0;
}
