import {
  alwaysPublished,
  type Clock,
  createRecordBatch,
  type MarketRecord,
  type RequestType,
  type Target,
} from '@naru/core';
import { type Accounts, createAccountBook, type DropReason } from './accounts.js';
import type { Delivery } from './delivery.js';
import { createLatency, type Latency, type LatencyDistribution, type LatencySummary } from './latency.js';
import { createMarketBatcher } from './market-batcher.js';
import { type Extent, extentOf, Parcel, type ParcelOwner } from './parcel.js';
import type { Rounds } from './rounds.js';

export interface RecordPublisherOptions {
  readonly target: Target;
  readonly topic: string;
  readonly delivery: Pick<Delivery, 'send'>;
  /** What becomes of records before they are batched: the same number of the same markets. Default: nothing. */
  readonly convert?: ((records: readonly MarketRecord[]) => readonly MarketRecord[]) | undefined;
  /** The batch envelope as bytes for the topic. May throw; the batch is then counted as dropped. */
  readonly encode: (batch: object) => Buffer;
  /** Of this process among all that ever were: tells its event ids from theirs. */
  readonly instanceId: string;
  readonly clock: Clock;
  readonly maxBatchRecords: number;
  readonly maxBatchWaitMs: number;
  /** When batches are closed that have waited long enough. Default: rounds of its own. */
  readonly rounds?: Rounds | undefined;
  /** Records that are counted as dropped. */
  readonly onLost: (extent: Extent, reason: DropReason, error: Error) => void;
}

export interface PublisherSnapshot {
  readonly accounts: Accounts;
  readonly droppedBy: Readonly<Record<DropReason, number>>;
  /** From the receipt of a record to Kafka's acknowledgement, in milliseconds. */
  readonly latency: LatencySummary | null;
  /** Unix milliseconds of the first acknowledgement. */
  readonly firstAcknowledgedAt: number | null;
  /** Unix milliseconds at which the newest record was received. */
  readonly lastReceivedAt: number | null;
}

/** What the batches of a target were like: counts that only grow. */
export interface BatchCounts {
  readonly batches: number;
  readonly records: number;
  readonly lastRecords: number;
}

export interface PublisherMinute {
  readonly countBySymbol: Readonly<Record<string, number>>;
  readonly latency: LatencyDistribution | null;
}

/**
 * Hears of records as they are received, after their conversion. `asPublished` leaves of one what is published: called
 * for those that are looked at. Must not throw.
 */
export type RecordListener = (
  records: readonly MarketRecord[],
  asPublished: (record: MarketRecord) => MarketRecord,
) => void;

/** Why a publisher keeps its records to itself: nothing has room, or the event loop needs relief. */
export type HoldReason = 'full' | 'lag';

/** Carries the records of one target into its topic and accounts for every one of them. */
export interface RecordPublisher extends ParcelOwner {
  publish(records: readonly MarketRecord[], connectionId: string, epoch: number): void;
  /** The fencing token of the lease under which records are received from now on. */
  lease(token: number): void;
  /** Which fields of a record are published from now on; null means all. */
  project(fields: readonly string[] | null): void;
  /** Sends nothing while there is a reason not to: tickers keep the latest of each market, others the oldest. */
  hold(reason: HoldReason): void;
  release(reason: HoldReason): void;
  /** While it is held for `lag` alone: sends the latest of each market. */
  sendLatest(): void;
  /** Lets somebody hear of every record from now on; the answer ends that. */
  listen(listener: RecordListener): () => void;
  /** Sends what waits in open batches. Their acknowledgements are still to come. */
  flush(): void;
  snapshot(): PublisherSnapshot;
  readonly latency: Latency;
  readonly batches: BatchCounts;
  /** Records by symbol and waits since the last call. */
  takeMinute(): PublisherMinute;
}

/** Where records came from: one object for each connection, lease and socket. */
interface Source {
  readonly connectionId: string;
  readonly epoch: number;
  readonly token: number;
}

export function createRecordPublisher(options: RecordPublisherOptions): RecordPublisher {
  const { target, topic, delivery, convert, encode, instanceId, clock } = options;
  const book = createAccountBook();
  const latency = createLatency();
  let minuteBegan = latency.copy();
  let minuteCounts = new Map<string, number>();
  let projection: ReadonlySet<string> | null = null;
  let firstAcknowledgedAt: number | null = null;
  let lastReceivedAt: number | null = null;
  let sequence = 0;
  let leaseToken = 0;
  /** The latest of each connection. */
  const sources = new Map<string, Source>();
  const held = new Set<HoldReason>();
  const listeners = new Set<RecordListener>();
  const batches = { batches: 0, records: 0, lastRecords: 0 };

  const lose = (extent: Extent, reason: DropReason, error: Error): void => {
    book.drop(extent.records, reason);
    options.onLost(extent, reason, error);
  };

  const asPublished = (record: MarketRecord): MarketRecord =>
    projection === null ? record : projected(record, projection);

  const send = (code: string, records: readonly MarketRecord[], source: Source): void => {
    sequence += 1;
    let value: Buffer;
    try {
      const published = projection === null ? records : records.map(asPublished);
      value = encode(createRecordBatch(target as Target & { request_type: RequestType }, published, clock));
    } catch (error) {
      lose(extentOf(code, records), 'encoding_failed', error as Error);
      return;
    }
    batches.batches += 1;
    batches.records += records.length;
    batches.lastRecords = records.length;
    const headers = {
      'naru-event-id': idOfTrades(target, code, records) ?? idOfSending(source, code, instanceId, sequence),
      'naru-lease-token': String(source.token),
    };
    delivery.send(new Parcel(publisher, code, { topic, key: code, value, headers }, records));
  };

  const batcher = createMarketBatcher<MarketRecord, Source>({
    clock,
    maxRecords: options.maxBatchRecords,
    maxWaitMs: options.maxBatchWaitMs,
    rounds: options.rounds,
    // A ticker makes the one before it obsolete; a trade or a step of a book does not.
    whenHeld: target.request_type === 'ticker' ? 'conflate' : 'drop',
    onBatch: send,
    onConflated: () => book.conflate(1),
    onDropped: (code, record) => lose(extentOf(code, [record]), 'buffer_full', new Error(noRoom)),
  });

  const sourceOf = (connectionId: string, epoch: number): Source => {
    let source = sources.get(connectionId);
    if (source?.epoch !== epoch || source.token !== leaseToken) {
      source = { connectionId, epoch, token: leaseToken };
      sources.set(connectionId, source);
    }
    return source;
  };

  const acknowledged = (records: number): void => {
    firstAcknowledgedAt ??= clock.now();
    book.acknowledge(records);
  };

  const publisher: RecordPublisher = {
    target,
    publish(records, connectionId, epoch) {
      const source = sourceOf(connectionId, epoch);
      book.receive(records.length);
      const converted = convert ? convert(records) : records;
      for (const record of converted) {
        minuteCounts.set(record.code, (minuteCounts.get(record.code) ?? 0) + 1);
        batcher.add(record.code, record, source);
      }
      const last = records.at(-1);
      if (last) lastReceivedAt = last.received_at * 1_000;
      if (listeners.size > 0) for (const listener of listeners) listener(converted, asPublished);
    },
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    lease(token) {
      leaseToken = token;
    },
    project(fields) {
      projection = fields === null ? null : new Set([...alwaysPublished[target.request_type], ...fields]);
    },
    hold(reason) {
      held.add(reason);
      batcher.hold();
    },
    release(reason) {
      held.delete(reason);
      if (held.size === 0) batcher.release();
    },
    sendLatest() {
      if (held.size === 1 && held.has('lag')) batcher.flush();
    },
    flush: () => batcher.flush(),
    latency,
    batches,
    takeMinute() {
      const countBySymbol = Object.fromEntries(minuteCounts);
      minuteCounts = new Map();
      const minute = latency.since(minuteBegan);
      minuteBegan = latency.copy();
      return { countBySymbol, latency: minute.distribution() };
    },
    snapshot: () => ({
      accounts: { ...book.current },
      droppedBy: { ...book.droppedBy },
      latency: latency.summary(),
      firstAcknowledgedAt,
      lastReceivedAt,
    }),
    onRecovered: (records) => book.recover(records),
    onSpooled: (records) => book.spool(records),
    onUnspooled: (records) => book.unspool(records),
    onAcknowledged(receivedAt) {
      acknowledged(receivedAt.length);
      const now = clock.now();
      for (const seconds of receivedAt) latency.record(now - seconds * 1_000);
    },
    onReplayed(records, receivedAt) {
      acknowledged(records);
      const waitMs = clock.now() - receivedAt * 1_000;
      for (let count = 0; count < records; count += 1) latency.record(waitMs);
    },
    onLost: lose,
    onSpoolEmpty() {
      const records = book.current.spooled;
      if (records === 0) return;
      book.unspool(records);
      const unknown = { time: 0 };
      lose({ code: '', records, first: unknown, last: unknown }, 'spool_damaged', new Error(damaged));
    },
  };
  return publisher;
}

const noRoom = 'Neither memory nor the spool had room while Kafka took nothing.';
const damaged = 'The disk did not give back what was spooled; the spool counts the damaged places.';

function projected(record: MarketRecord, fields: ReadonlySet<string>): MarketRecord {
  return Object.fromEntries(Object.entries(record).filter(([name]) => fields.has(name))) as unknown as MarketRecord;
}

/** The same for the same content, whoever received it, where the exchange gives ids. */
function idOfTrades(target: Target, code: string, records: readonly MarketRecord[]): string | undefined {
  const first = records[0]!;
  const last = records.at(-1)!;
  if (!('sequential_id' in first && 'sequential_id' in last)) return undefined;
  return `${target.exchange}:${code}:${first.sequential_id}-${last.sequential_id}`;
}

/**
 * By socket and order of sending. Tokens and epochs begin anew where leases are in memory, so the process is part of it.
 */
function idOfSending({ connectionId, token, epoch }: Source, code: string, instance: string, sequence: number): string {
  return `${connectionId}@${token}.${epoch}:${code}:${instance}.${sequence}`;
}
