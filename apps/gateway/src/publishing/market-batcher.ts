import type { Clock } from '@naru/core';

export interface MarketBatcherOptions<R> {
  readonly clock: Clock;
  /** Records of one market that make a batch full. */
  readonly maxRecords: number;
  /** Longest time a record waits for its batch, in milliseconds. */
  readonly maxWaitMs: number;
  /** Takes a closed batch. Batches of one market come in the order of their records. */
  readonly onBatch: (code: string, records: R[]) => void;
  /**
   * What happens to a market's full batch while the batcher is held.
   * `conflate`: the newest record takes the place of the one before. `append`: the batch grows.
   */
  readonly whenHeld: 'conflate' | 'append';
  /** Records kept over all markets while held and appending; a newer one beyond is dropped. */
  readonly maxBuffered: number;
  readonly onConflated: () => void;
  readonly onDropped: (code: string, record: R) => void;
}

/** Gathers the records of each market into batches, by count and by time. */
export interface MarketBatcher<R> {
  add(code: string, record: R): void;
  /** While held, batches stay here: what takes them has no room. */
  hold(): void;
  release(): void;
  /** Hands over every open batch now, held or not. */
  flush(): void;
  /** Records waiting here. */
  readonly size: number;
}

interface OpenBatch<R> {
  readonly deadline: number;
  records: R[];
}

export function createMarketBatcher<R>(options: MarketBatcherOptions<R>): MarketBatcher<R> {
  const { clock, maxRecords, maxWaitMs, maxBuffered, whenHeld, onBatch, onConflated, onDropped } = options;
  // Every batch waits equally long and a Map keeps its order of insertion, so the first entry is always the first due.
  const open = new Map<string, OpenBatch<R>>();
  let size = 0;
  let held = false;
  let cancelTimer: (() => void) | undefined;

  const close = (code: string, batch: OpenBatch<R>): void => {
    open.delete(code);
    size -= batch.records.length;
    onBatch(code, batch.records);
  };

  const handOverDue = (): void => {
    cancelTimer = undefined;
    const now = clock.monotonic();
    for (const [code, batch] of open) {
      if (held || batch.deadline > now) break;
      close(code, batch);
    }
    arm();
  };

  const arm = (): void => {
    if (held || cancelTimer || open.size === 0) return;
    const first = open.values().next().value;
    if (first) cancelTimer = clock.schedule(Math.max(0, first.deadline - clock.monotonic()), handOverDue);
  };

  const addHeld = (code: string, batch: OpenBatch<R>, record: R): void => {
    if (whenHeld === 'conflate' && batch.records.length >= maxRecords) {
      batch.records[batch.records.length - 1] = record;
      onConflated();
    } else if (size >= maxBuffered) {
      onDropped(code, record);
    } else {
      batch.records.push(record);
      size += 1;
    }
  };

  return {
    get size() {
      return size;
    },
    add(code, record) {
      let batch = open.get(code);
      if (!batch) {
        batch = { deadline: clock.monotonic() + maxWaitMs, records: [] };
        open.set(code, batch);
      }
      if (held) {
        addHeld(code, batch, record);
        if (batch.records.length === 0) open.delete(code);
        return;
      }
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
      // A batch may have grown beyond the limit while held; what takes it may hold again at any time.
      for (const [code, batch] of open) {
        if (held) return;
        if (batch.records.length >= maxRecords) close(code, batch);
      }
      arm();
    },
    flush() {
      cancelTimer?.();
      cancelTimer = undefined;
      for (const [code, batch] of open) close(code, batch);
    },
  };
}
