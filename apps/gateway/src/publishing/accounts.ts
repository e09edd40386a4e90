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
  /** In memory or in the spool. */
  readonly buffered: number;
  /** Of `buffered`: in the spool, those on their way to Kafka at the same time included. */
  readonly spooled: number;
  /** Of `received`: found in the spool at start, received by an earlier process. */
  readonly recovered: number;
}

/** Why records were dropped; a metric label, so the set is closed. */
export const dropReasons = [
  'buffer_full',
  'delivery_failed',
  'encoding_failed',
  'rejected',
  'shutdown',
  'spool_damaged',
] as const;

/**
 * - `buffer_full`: neither memory nor spool had room
 * - `delivery_failed`: Kafka refused it, and there is no spool to try again from
 * - `rejected`: Kafka will never take it, as when it is too large
 * - `shutdown`: neither Kafka nor a spool took it before the deadline
 * - `spool_damaged`: the disk did not give it back
 */
export type DropReason = (typeof dropReasons)[number];

export interface AccountBook {
  readonly current: Accounts;
  readonly droppedBy: Readonly<Record<DropReason, number>>;
  receive(records: number): void;
  /** Records that an earlier process left in the spool. */
  recover(records: number): void;
  /** Into the spool; they stay buffered. */
  spool(records: number): void;
  /** Out of the spool, before they are acknowledged or dropped. */
  unspool(records: number): void;
  acknowledge(records: number): void;
  conflate(records: number): void;
  drop(records: number, reason: DropReason): void;
}

export const noAccounts: Accounts = {
  received: 0,
  acknowledged: 0,
  conflated: 0,
  dropped: 0,
  buffered: 0,
  spooled: 0,
  recovered: 0,
};

export function createAccountBook(): AccountBook {
  const current = { ...noAccounts };
  const droppedBy = Object.fromEntries(dropReasons.map((reason) => [reason, 0])) as Record<DropReason, number>;

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
    recover(records) {
      current.received += records;
      current.recovered += records;
      current.buffered += records;
      current.spooled += records;
    },
    spool(records) {
      current.spooled += records;
    },
    unspool(records) {
      current.spooled -= records;
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
  const sum = { ...noAccounts };
  for (const book of books) {
    for (const name of Object.keys(sum) as (keyof Accounts)[]) sum[name] += book[name];
  }
  return sum;
}
