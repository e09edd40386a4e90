/**
 * What became of the records of one target. The identity
 * `received = acknowledged + conflated + dropped + buffered` holds at every moment, because a record
 * enters as received and buffered in one step and leaves the buffer only into one of the other three.
 */
export interface Accounts {
  readonly received: number;
  readonly acknowledged: number;
  readonly conflated: number;
  readonly dropped: number;
  readonly buffered: number;
}

/** Why records were dropped; a metric label, so the set is closed. */
export type DropReason = 'buffer_full' | 'delivery_failed' | 'encoding_failed' | 'shutdown';

export interface AccountBook {
  readonly current: Accounts;
  readonly droppedBy: Readonly<Record<DropReason, number>>;
  receive(records: number): void;
  acknowledge(records: number): void;
  conflate(records: number): void;
  drop(records: number, reason: DropReason): void;
}

export function createAccountBook(): AccountBook {
  const current = { received: 0, acknowledged: 0, conflated: 0, dropped: 0, buffered: 0 };
  const droppedBy: Record<DropReason, number> = { buffer_full: 0, delivery_failed: 0, encoding_failed: 0, shutdown: 0 };

  const leave = (into: 'acknowledged' | 'conflated' | 'dropped', records: number): void => {
    current.buffered -= records;
    current[into] += records;
  };

  return {
    current,
    droppedBy,
    receive(records) {
      current.received += records;
      current.buffered += records;
    },
    acknowledge: (records) => leave('acknowledged', records),
    conflate: (records) => leave('conflated', records),
    drop(records, reason) {
      leave('dropped', records);
      droppedBy[reason] += records;
    },
  };
}

/** Adds up the books of several targets. */
export function sumAccounts(books: Iterable<Accounts>): Accounts {
  const sum = { received: 0, acknowledged: 0, conflated: 0, dropped: 0, buffered: 0 };
  for (const book of books) {
    sum.received += book.received;
    sum.acknowledged += book.acknowledged;
    sum.conflated += book.conflated;
    sum.dropped += book.dropped;
    sum.buffered += book.buffered;
  }
  return sum;
}
