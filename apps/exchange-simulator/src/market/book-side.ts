import { digitsOf } from './market.js';

/** One level in exact digits. */
export interface SimulatedLevel {
  readonly price: string;
  /** `0` in a change that removes the level. */
  readonly size: string;
}

/** A level with the units it is ordered by. */
export interface OrderedLevel extends SimulatedLevel {
  readonly units: number;
}

/** One side of a simulated book, best first. */
export class BookSide {
  readonly levels: OrderedLevel[] = [];
  readonly #sign: 1 | -1;
  readonly #decimals: { readonly price: number; readonly size: number };

  constructor(best: 'lowest' | 'highest', decimals: { readonly price: number; readonly size: number }) {
    this.#sign = best === 'lowest' ? 1 : -1;
    this.#decimals = decimals;
  }

  /** Whether a level at `a` stands before one at `b`. */
  isBetter(a: number, b: number): boolean {
    return (a - b) * this.#sign < 0;
  }

  has(units: number): boolean {
    return this.levels[this.#find(units)]?.units === units;
  }

  /** Sets a level to `size` units, or removes it. */
  set(units: number, size: number): void {
    const at = this.#find(units);
    const present = this.levels[at]?.units === units;
    if (size === 0) {
      if (present) this.levels.splice(at, 1);
      return;
    }
    const price = digitsOf({ units, decimals: this.#decimals.price });
    const level = { units, price, size: digitsOf({ units: size, decimals: this.#decimals.size }) };
    this.levels.splice(at, present ? 1 : 0, level);
  }

  /** Removes levels better than `units`. */
  removeBetterThan(units: number): void {
    let count = 0;
    while (count < this.levels.length && (this.levels[count]!.units - units) * this.#sign < 0) count += 1;
    this.levels.splice(0, count);
  }

  /** Keeps the best `count` levels. */
  cut(count: number): void {
    if (this.levels.length > count) this.levels.length = count;
  }

  #find(units: number): number {
    let low = 0;
    let high = this.levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.levels[middle]!.units - units) * this.#sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
