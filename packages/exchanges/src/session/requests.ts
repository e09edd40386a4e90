import type { Market } from './markets.js';

/** Bound on requests whose answer never came; the oldest is forgotten. */
const maxOutstanding = 10_000;

/** Subscription requests that wait for their acknowledgement, by the id the exchange echoes. */
export class Requests {
  readonly #outstanding = new Map<number, readonly Market[]>();
  #lastId = 0;

  /** Remembers what a new request is about and names it. */
  open(markets: readonly Market[]): number {
    if (this.#outstanding.size >= maxOutstanding) this.#outstanding.delete(this.#outstanding.keys().next().value!);
    this.#lastId += 1;
    this.#outstanding.set(this.#lastId, markets);
    return this.#lastId;
  }

  /** What the request with this echoed id was about, once. Exchanges echo ids as numbers or strings. */
  close(id: unknown): readonly Market[] | undefined {
    const key = typeof id === 'string' ? Number(id) : id;
    if (typeof key !== 'number') return undefined;
    const markets = this.#outstanding.get(key);
    this.#outstanding.delete(key);
    return markets;
  }

  /** What the oldest outstanding request was about, for exchanges that answer in order and without an id. */
  closeOldest(): readonly Market[] | undefined {
    const oldest = this.#outstanding.keys().next().value;
    return oldest === undefined ? undefined : this.close(oldest);
  }
}

/** Splits a list into parts of at most `size`. */
export function partsOf<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < items.length; from += size) parts.push(items.slice(from, from + size));
  return parts;
}
