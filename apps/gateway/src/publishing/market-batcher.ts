import type { Clock } from '@naru/core';
import { createRounds, type Rounds } from './rounds.js';

export interface MarketBatcherOptions<R, S> {
  readonly clock: Clock;
  /** Records of one market that make a batch full. */
  readonly maxRecords: number;
  /** Longest time a record waits for its batch, in milliseconds. */
  readonly maxWaitMs: number;
  /** When due batches are closed. Shared by batchers, what they send leaves together. Default: of its own. */
  readonly rounds?: Rounds | undefined;
  /** Takes a closed batch. Batches of one market come in the order of their records, all of a batch from one source. */
  readonly onBatch: (code: string, records: R[], source: S) => void;
  /**
   * What happens to a record while the batcher is held. `conflate`: it takes the place of its market's newest.
   * `drop`: the oldest are kept, it goes.
   */
  readonly whenHeld: 'conflate' | 'drop';
  readonly onConflated: () => void;
  readonly onDropped: (code: string, record: R) => void;
}

/** Gathers the records of each market into batches, by count, by time and by source. */
export interface MarketBatcher<R, S> {
  /** @param source sources are compared by identity; another one closes the market's batch */
  add(code: string, record: R, source: S): void;
  /** While held, batches stay here: what takes them has no room. */
  hold(): void;
  release(): void;
  /** Hands over every open batch now, held or not. */
  flush(): void;
  /** Records waiting here. */
  readonly size: number;
}

/** A market and, while it has records, its open batch. Those with one are chained in the order they were opened. */
interface Market<R, S> {
  readonly code: string;
  records: R[] | undefined;
  source: S | undefined;
  deadline: number;
  previous: Market<R, S> | undefined;
  next: Market<R, S> | undefined;
}

/** Markets without a batch are remembered up to about so many: a target has fewer, but over months others. */
const manyMarkets = 10_000;

export function createMarketBatcher<R, S>(options: MarketBatcherOptions<R, S>): MarketBatcher<R, S> {
  const { clock, maxRecords, maxWaitMs, whenHeld, onBatch, onConflated, onDropped } = options;
  // Markets stay when their batch is closed. A map that batches enter and leave makes itself a new table every few
  // dozen of them, and each old one, garbage among the long-lived, keeps what was in it until the next full collection.
  const markets = new Map<string, Market<R, S>>();
  // Every batch waits equally long, so the first of the chain is always the first due.
  let first: Market<R, S> | undefined;
  let last: Market<R, S> | undefined;
  let forgetAt = manyMarkets;
  let size = 0;
  let held = false;
  const rounds = options.rounds ?? createRounds(clock, maxWaitMs);
  let cancelTimer: (() => void) | undefined;

  const open = (market: Market<R, S>, record: R, source: S): void => {
    market.records = [record];
    market.source = source;
    market.deadline = clock.monotonic() + maxWaitMs;
    market.previous = last;
    if (last) last.next = market;
    else first = market;
    last = market;
    size += 1;
  };

  /** Takes the batch of a market that has one. */
  const take = (market: Market<R, S>): R[] => {
    const { previous, next } = market;
    const records = market.records!;
    if (previous) previous.next = next;
    else first = next;
    if (next) next.previous = previous;
    else last = previous;
    market.previous = undefined;
    market.next = undefined;
    market.records = undefined;
    size -= records.length;
    return records;
  };

  const close = (market: Market<R, S>): void => {
    const source = market.source!;
    onBatch(market.code, take(market), source);
  };

  const handOverDue = (): void => {
    cancelTimer = undefined;
    // The next turn would be too late for what is due before it.
    const due = clock.monotonic() + rounds.everyMs;
    while (first && !held && first.deadline <= due) close(first);
    arm();
  };

  const arm = (): void => {
    if (held || cancelTimer || !first) return;
    cancelTimer = rounds.next(handOverDue);
  };

  const marketOf = (code: string): Market<R, S> => {
    let market = markets.get(code);
    if (!market) {
      if (markets.size >= forgetAt) forgetClosed();
      market = { code, records: undefined, source: undefined, deadline: 0, previous: undefined, next: undefined };
      markets.set(code, market);
    }
    return market;
  };

  const forgetClosed = (): void => {
    for (const [code, { records }] of markets) if (!records) markets.delete(code);
    forgetAt = Math.max(manyMarkets, 2 * markets.size);
  };

  const addHeld = (market: Market<R, S>, record: R, source: S): void => {
    if (whenHeld === 'drop') {
      onDropped(market.code, record);
      return;
    }
    const { records } = market;
    if (records && market.source === source) {
      records[records.length - 1] = record;
      onConflated();
      return;
    }
    // What another source sent before is obsolete as well, a batch has one source; what begins now is due last.
    const obsolete = records ? take(market).length : 0;
    for (let count = obsolete; count > 0; count -= 1) onConflated();
    open(market, record, source);
  };

  return {
    get size() {
      return size;
    },
    add(code, record, source) {
      const market = marketOf(code);
      // What takes batches may have no room for more after this.
      if (!held && market.records && market.source !== source) close(market);
      if (held) {
        addHeld(market, record, source);
        return;
      }
      if (market.records) {
        market.records.push(record);
        size += 1;
      } else open(market, record, source);
      if (market.records!.length >= maxRecords) close(market);
      else arm();
    },
    hold() {
      held = true;
      cancelTimer?.();
      cancelTimer = undefined;
    },
    release() {
      if (!held) return;
      held = false;
      arm();
    },
    flush() {
      cancelTimer?.();
      cancelTimer = undefined;
      while (first) close(first);
    },
  };
}
