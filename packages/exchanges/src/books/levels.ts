import { isObject } from '../reading/json.js';
import { toNumber } from '../reading/numbers.js';
import { Rows } from '../reading/rows.js';
import type { DigitSlots } from './digit-slots.js';

/**
 * The levels of one side of one frame, in its order. One instance is reused for every frame of a session: flat arrays
 * that only grow, as far as a frame may (`maxFrameBytes`), so that reading a level allocates nothing.
 */
export class Levels {
  #prices: Float64Array = new Float64Array(64);
  #sizes: Float64Array = new Float64Array(64);
  #length = 0;
  /** What a checksum needs of each level, where the exchange's own text matters; otherwise empty. */
  readonly texts: string[] = [];
  /** The digits of each level, where the exchange's own digits matter. */
  digits: DigitSlots | undefined;

  get length(): number {
    return this.#length;
  }

  /** Prices by position; what lies at `length` and beyond is of earlier frames. */
  get prices(): Float64Array {
    return this.#prices;
  }

  get sizes(): Float64Array {
    return this.#sizes;
  }

  clear(): void {
    this.#length = 0;
    if (this.texts.length > 0) this.texts.length = 0;
  }

  push(price: number, size: number): void {
    const at = this.#length;
    if (at === this.#prices.length) this.#grow();
    this.#prices[at] = price;
    this.#sizes[at] = size;
    this.#length = at + 1;
  }

  /** A copy that outlives the frame. */
  copy(): Levels {
    const copy = new Levels();
    copy.#prices = this.#prices.slice(0, this.#length);
    copy.#sizes = this.#sizes.slice(0, this.#length);
    copy.#length = this.#length;
    copy.texts.push(...this.texts);
    copy.digits = this.digits?.copy(this.#length);
    return copy;
  }

  #grow(): void {
    this.#prices = grown(this.#prices);
    this.#sizes = grown(this.#sizes);
  }
}

/** The same numbers with room for twice as many. */
export function grown(numbers: Float64Array): Float64Array {
  const larger = new Float64Array(Math.max(64, numbers.length * 2));
  larger.set(numbers);
  return larger;
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
  for (let i = 0; i < list.length; i += 1) {
    const pair: unknown = list[i];
    if (Array.isArray(pair)) bad += pushLevel(into, toNumber(pair[0]), toNumber(pair[1]));
    else bad += 1;
  }
  return bad;
}

/** Reads `[{priceKey: …, sizeKey: …}, …]` by the rules of `readPairs`. */
export function readObjects(list: unknown, priceKey: string, sizeKey: string, into: Levels): number {
  into.clear();
  if (list === undefined) return 0;
  if (list instanceof Rows) return readRows(list, priceKey, sizeKey, into);
  if (!Array.isArray(list)) return -1;
  let bad = 0;
  for (let i = 0; i < list.length; i += 1) {
    const level: unknown = list[i];
    if (isObject(level)) bad += pushLevel(into, toNumber(level[priceKey]), toNumber(level[sizeKey]));
    else bad += 1;
  }
  return bad;
}

function readRows(rows: Rows, priceKey: string, sizeKey: string, into: Levels): number {
  const { columns, numbers, length } = rows;
  const width = columns.length;
  const price = rows.column(priceKey);
  const size = rows.column(sizeKey);
  if (price < 0 || size < 0) return length;
  let bad = 0;
  for (let row = 0; row < length * width; row += width)
    bad += pushLevel(into, numbers[row + price]!, numbers[row + size]!);
  return bad;
}

/** Adds a level unless its numbers are wrong; answers how many were. */
export function pushLevel(into: Levels, price: number, size: number): 0 | 1 {
  if (!(price > 0 && size >= 0)) return 1;
  into.push(price, size);
  return 0;
}
