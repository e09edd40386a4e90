import type { SnapshotRequest } from '../adapter.js';
import { parseJson } from '../reading/json.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';
import type { Protocol } from '../session/stream-session.js';
import type { DeltaBooks } from './delta-books.js';
import { type BookSides, createSides } from './levels.js';

/** Snapshots fetched at once per socket: exchanges weigh them heavily. */
const maxAtOnce = 4;

/** How long a market waits after a snapshot could not be fetched, in seconds. */
const retryAfterSeconds = 1;

/** Where an exchange has order books over HTTP, and how to read them. */
export interface SnapshotSource {
  url(market: Market): string;
  /** Fills `sides` and answers where the snapshot stands; undefined when the answer is no order book. */
  read(answer: unknown, sides: BookSides): SnapshotPosition | undefined;
}

export interface SnapshotPosition {
  /** The last update it holds. */
  readonly sequence: number;
  /** The exchange's time in Unix seconds, where the answer has one. */
  readonly time?: number;
}

/**
 * Snapshots over HTTP for books whose stream has none: asks for a few at a time and one per market, knows which
 * answers are awaited, and splices them with the deltas that the books have buffered.
 */
export class SnapshotRequests {
  readonly #source: SnapshotSource;
  readonly #sides = createSides();
  readonly #awaited = new Map<number, Market>();
  readonly #queue = new Set<Market>();
  readonly #notBefore = new WeakMap<Market, number>();
  #lastId = 0;

  constructor(source: SnapshotSource) {
    this.#source = source;
  }

  /** A protocol that takes the answers for `books` and forgets what is no longer wanted. */
  around(protocol: Protocol, books: DeltaBooks): Protocol {
    return {
      ...protocol,
      change: (change) => {
        this.#forget(change.removed);
        return protocol.change(change);
      },
      answer: (request, body, reading) => this.#take(request, body, books, reading),
    };
  }

  /** Asks for a market's snapshot unless that is under way, or failed a moment ago. */
  want(market: Market, reading: Reading): void {
    if (this.#queue.has(market) || reading.receivedAt < (this.#notBefore.get(market) ?? 0)) return;
    for (const awaited of this.#awaited.values()) if (awaited === market) return;
    this.#queue.add(market);
    this.#send(reading);
  }

  /**
   * One that could not be fetched or read is reported, and the market waits a while; one that is not awaited any more,
   * or whose book the stream itself has mended meanwhile, is passed over.
   */
  #take(request: SnapshotRequest, body: string | Error, books: DeltaBooks, reading: Reading): void {
    const market = this.#awaited.get(request.id);
    this.#awaited.delete(request.id);
    this.#send(reading);
    if (market === undefined) return;
    const at = body instanceof Error ? undefined : this.#source.read(parseJson(body), this.#sides);
    if (at !== undefined) {
      const { sequence, time = reading.receivedAt } = at;
      if (books.isWaiting(market)) books.splice(market, this.#sides, sequence, time, reading);
      return;
    }
    const reason = body instanceof Error ? body.message : 'the answer is no order book';
    reading.fail('snapshot', `The snapshot could not be used: ${reason}.`, market.code);
    this.#notBefore.set(market, reading.receivedAt + retryAfterSeconds);
  }

  #forget(markets: readonly Market[]): void {
    for (const market of markets) this.#queue.delete(market);
    for (const [id, market] of this.#awaited) if (markets.includes(market)) this.#awaited.delete(id);
  }

  #send(reading: Reading): void {
    for (const market of this.#queue) {
      if (this.#awaited.size >= maxAtOnce) return;
      this.#queue.delete(market);
      this.#lastId += 1;
      this.#awaited.set(this.#lastId, market);
      reading.fetch({ url: this.#source.url(market), market: market.code, id: this.#lastId });
    }
  }
}
