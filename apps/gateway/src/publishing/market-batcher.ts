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

interface OpenBatch<R, S> {
  readonly deadline: number;
  readonly source: S;
  readonly records: R[];
}

export function createMarketBatcher<R, S>(options: MarketBatcherOptions<R, S>): MarketBatcher<R, S> {
  const { clock, maxRecords, maxWaitMs, whenHeld, onBatch, onConflated, onDropped } = options;
  // Every batch waits equally long and a Map keeps its order of insertion, so the first entry is always the first due.
  const open = new Map<string, OpenBatch<R, S>>();
  let size = 0;
  let held = false;
  const rounds = options.rounds ?? createRounds(clock, maxWaitMs);
  let cancelTimer: (() => void) | undefined;

  const close = (code: string, batch: OpenBatch<R, S>): void => {
    open.delete(code);
    size -= batch.records.length;
    onBatch(code, batch.records, batch.source);
  };

  const handOverDue = (): void => {
    cancelTimer = undefined;
    // The next turn would be too late for what is due before it.
    const due = clock.monotonic() + rounds.everyMs;
    for (const [code, batch] of open) {
      if (held || batch.deadline > due) break;
      close(code, batch);
    }
    arm();
  };

  const arm = (): void => {
    if (held || cancelTimer || open.size === 0) return;
    cancelTimer = rounds.next(handOverDue);
  };

  const openFor = (code: string, source: S): OpenBatch<R, S> => {
    const batch = { deadline: clock.monotonic() + maxWaitMs, source, records: [] };
    open.set(code, batch);
    return batch;
  };

  const addHeld = (code: string, record: R, source: S): void => {
    if (whenHeld === 'drop') {
      onDropped(code, record);
      return;
    }
    let batch = open.get(code);
    if (batch && batch.source !== source) {
      // What another source sent before is obsolete as well: a batch has one source.
      for (let count = batch.records.length; count > 0; count -= 1) onConflated();
      size -= batch.records.length;
      // Out of its place as well: what begins now is due last.
      open.delete(code);
      batch = undefined;
    }
    batch ??= openFor(code, source);
    if (batch.records.length > 0) {
      batch.records[batch.records.length - 1] = record;
      onConflated();
    } else {
      batch.records.push(record);
      size += 1;
    }
  };

  return {
    get size() {
      return size;
    },
    add(code, record, source) {
      if (held) {
        addHeld(code, record, source);
        return;
      }
      let batch = open.get(code);
      if (batch && batch.source !== source) {
        close(code, batch);
        // What takes batches may have no room for more.
        if (held) {
          addHeld(code, record, source);
          return;
        }
        batch = undefined;
      }
      batch ??= openFor(code, source);
      batch.records.push(record);
      size += 1;
      if (batch.records.length >= maxRecords) close(code, batch);
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
      for (const [code, batch] of open) close(code, batch);
    },
  };
}
