import type { SnapshotRequest } from '../adapter.js';
import { parseJson } from '../reading/json.js';
import type { Market } from '../session/markets.js';
import type { Reading } from '../session/reading.js';

/** Snapshots fetched at once per socket: exchanges weigh them heavily. */
const maxAtOnce = 4;

/** How long a market waits after a snapshot could not be fetched, in seconds. */
const retryAfterSeconds = 1;

/** Asks for snapshots over HTTP, a few at a time and one per market, and knows which answers are awaited. */
export class SnapshotRequests {
  readonly #urlOf: (market: Market) => string;
  readonly #awaited = new Map<number, Market>();
  readonly #queue = new Set<Market>();
  readonly #notBefore = new WeakMap<Market, number>();
  #lastId = 0;

  constructor(urlOf: (market: Market) => string) {
    this.#urlOf = urlOf;
  }

  /** Asks for a market's snapshot unless that is under way, or failed a moment ago. */
  want(market: Market, reading: Reading): void {
    if (this.#queue.has(market) || reading.receivedAt < (this.#notBefore.get(market) ?? 0)) return;
    for (const awaited of this.#awaited.values()) if (awaited === market) return;
    this.#queue.add(market);
    this.#send(reading);
  }

  /**
   * Takes an answer: what `read` makes of the body goes to `use`. One that could not be fetched or read is reported,
   * and the market waits a while; one that is not awaited any more is passed over.
   */
  take<T>(
    request: SnapshotRequest,
    body: string | Error,
    reading: Reading,
    read: (answer: unknown) => T | undefined,
    use: (market: Market, snapshot: T) => void,
  ): void {
    const market = this.#awaited.get(request.id);
    this.#awaited.delete(request.id);
    this.#send(reading);
    if (market === undefined) return;
    const snapshot = body instanceof Error ? undefined : read(parseJson(body));
    if (snapshot !== undefined) {
      use(market, snapshot);
      return;
    }
    const reason = body instanceof Error ? body.message : 'the answer is no order book';
    reading.fail('snapshot', `The snapshot could not be used: ${reason}.`, market.code);
    this.#notBefore.set(market, reading.receivedAt + retryAfterSeconds);
  }

  /** Forgets markets that are no longer wanted. */
  forget(markets: readonly Market[]): void {
    for (const market of markets) this.#queue.delete(market);
    for (const [id, market] of this.#awaited) if (markets.includes(market)) this.#awaited.delete(id);
  }

  #send(reading: Reading): void {
    for (const market of this.#queue) {
      if (this.#awaited.size >= maxAtOnce) return;
      this.#queue.delete(market);
      this.#lastId += 1;
      this.#awaited.set(this.#lastId, market);
      reading.fetch({ url: this.#urlOf(market), market: market.code, id: this.#lastId });
    }
  }
}
