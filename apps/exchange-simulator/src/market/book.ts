import { BookSide, type OrderedLevel, type SimulatedLevel } from './book-side.js';
import { hash32, unit } from './hash.js';
import type { SimulatedMarket } from './market.js';

export interface BookView {
  /** Best first. */
  readonly asks: readonly SimulatedLevel[];
  readonly bids: readonly SimulatedLevel[];
}

/** What one step changed in the visible book, and the numbers an exchange gives it. */
export interface BookStep {
  readonly changes: BookView;
  /** Levels that only fell out of sight: an exchange that lets its clients cut the book does not name them. */
  readonly fallen: BookView;
  /** Number of the last update before this step. */
  readonly previous: number;
  /** Number of the last update inside it. */
  readonly sequence: number;
}

const levelsAtStart = 40;
const maxLevels = 60;
const [countSalt, sideSalt, offsetSalt, removeSalt, sizeSalt] = [21, 22, 23, 24, 25];

/**
 * An order book that follows its market's walk. Each step sets or removes a few levels and removes what the moving
 * price has crossed; `depth` levels per side are visible.
 */
export class SimulatedBook {
  readonly #market: SimulatedMarket;
  readonly #depth: number;
  readonly #tick: number;
  readonly #asks: BookSide;
  readonly #bids: BookSide;
  #index = -1;
  #sequence: number;

  constructor(market: SimulatedMarket, depth: number) {
    this.#market = market;
    this.#depth = depth;
    this.#tick = Math.max(1, Math.round(market.priceUnits(0) / 20_000));
    this.#sequence = 1_000_000 + (hash32(market.seed, 31) % 1_000_000);
    const decimals = { price: market.priceDecimals, size: market.sizeDecimals };
    this.#asks = new BookSide('lowest', decimals);
    this.#bids = new BookSide('highest', decimals);
    const middle = this.#middle(0);
    for (let offset = 0; offset < levelsAtStart; offset += 1) {
      this.#asks.set((middle + 1 + offset) * this.#tick, market.size(sizeSalt, -1 - offset).units);
      this.#bids.set(Math.max(1, middle - offset) * this.#tick, market.size(sizeSalt, -1001 - offset).units);
    }
  }

  /** Number of the latest update. */
  get sequence(): number {
    return this.#sequence;
  }

  /** The visible book now. */
  view(): BookView {
    return { asks: this.#visible(this.#asks), bids: this.#visible(this.#bids) };
  }

  /** Moves on by one step. */
  step(): BookStep {
    this.#index += 1;
    const asksBefore = this.#visible(this.#asks);
    const bidsBefore = this.#visible(this.#bids);
    this.#change();
    const asks = compare(asksBefore, this.#visible(this.#asks), this.#asks);
    const bids = compare(bidsBefore, this.#visible(this.#bids), this.#bids);
    const previous = this.#sequence;
    this.#sequence += 1 + asks.changed.length + bids.changed.length;
    return {
      changes: { asks: asks.changed, bids: bids.changed },
      fallen: { asks: asks.fallen, bids: bids.fallen },
      previous,
      sequence: this.#sequence,
    };
  }

  #middle(index: number): number {
    return Math.max(1, Math.floor(this.#market.priceUnits(index) / this.#tick));
  }

  #change(): void {
    const { seed } = this.#market;
    const index = this.#index;
    const middle = this.#middle(index);
    this.#asks.removeBetterThan((middle + 1) * this.#tick);
    this.#bids.removeBetterThan(middle * this.#tick);
    const operations = 1 + (hash32(seed, index, countSalt) % 3);
    for (let i = 0; i < operations; i += 1) {
      const at = index * 4 + i;
      const offset = Math.floor(unit(seed, at, offsetSalt) ** 2 * levelsAtStart);
      const removes = unit(seed, at, removeSalt) < 0.35;
      const size = removes ? 0 : this.#market.size(sizeSalt, at).units;
      if (unit(seed, at, sideSalt) < 0.5) this.#asks.set((middle + 1 + offset) * this.#tick, size);
      else this.#bids.set(Math.max(1, middle - offset) * this.#tick, size);
    }
    this.#asks.cut(maxLevels);
    this.#bids.cut(maxLevels);
  }

  #visible(side: BookSide): readonly OrderedLevel[] {
    return side.levels.slice(0, this.#depth);
  }
}

/** Levels that differ between two views, best first, and those that left the second while still being there. */
function compare(
  before: readonly OrderedLevel[],
  after: readonly OrderedLevel[],
  side: BookSide,
): { changed: SimulatedLevel[]; fallen: SimulatedLevel[] } {
  const changed: SimulatedLevel[] = [];
  const removed: SimulatedLevel[] = [];
  const fallen: SimulatedLevel[] = [];
  // Both are in the order of their side and a level that did not change is the same object: one walk finds the rest.
  let at = 0;
  for (const level of after) {
    while (at < before.length && side.isBetter(before[at]!.units, level.units)) leave(before[at++]!);
    if (before[at] === level) {
      at += 1;
    } else {
      changed.push(level);
      if (before[at]?.units === level.units) at += 1;
    }
  }
  while (at < before.length) leave(before[at++]!);
  return { changed: removed.length === 0 ? changed : [...changed, ...removed], fallen };

  function leave({ price, units }: OrderedLevel): void {
    (side.has(units) ? fallen : removed).push({ price, size: '0' });
  }
}

/** A view in numbers, as a reader should have it. */
export const numbersOf = (levels: readonly SimulatedLevel[]): [price: number, size: number][] =>
  levels.map(({ price, size }) => [Number(price), Number(size)]);
