import {
  alwaysPublished,
  type Clock,
  createRecordBatch,
  type Logger,
  type MarketRecord,
  type RequestType,
  type Target,
} from '@naru/core';
import type { KafkaProducer } from '@naru/kafka-clients';
import { type Accounts, createAccountBook, type DropReason } from './accounts.js';
import { createLatency, type Latency, type LatencyDistribution, type LatencySummary } from './latency.js';
import { createMarketBatcher } from './market-batcher.js';

export interface RecordPublisherOptions {
  readonly target: Target;
  readonly topic: string;
  readonly producer: Pick<KafkaProducer, 'send'>;
  /** The batch envelope as bytes for the topic. May throw; the batch is then counted as dropped. */
  readonly encode: (batch: object) => Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxBatchRecords: number;
  readonly maxBatchWaitMs: number;
  /** Records kept while Kafka takes none. */
  readonly maxBuffered: number;
  readonly onFailure: (reason: DropReason, records: number, error: Error) => void;
}

export interface PublisherSnapshot {
  readonly accounts: Accounts;
  /** From the receipt of a record to Kafka's acknowledgement, in milliseconds. */
  readonly latency: LatencySummary | null;
  /** Unix milliseconds of the first acknowledgement. */
  readonly firstAcknowledgedAt: number | null;
}

export interface PublisherMinute {
  readonly countBySymbol: Readonly<Record<string, number>>;
  readonly latency: LatencyDistribution | null;
}

/** Carries the records of one target into its topic and accounts for every one of them. */
export interface RecordPublisher {
  publish(records: readonly MarketRecord[], connectionId: string, epoch: number): void;
  /** The fencing token of the lease under which records are received from now on. */
  lease(token: number): void;
  /** Which fields of a record are published from now on; null means all. */
  project(fields: readonly string[] | null): void;
  /** Kafka has no room: keep records here. */
  hold(): void;
  release(): void;
  /** Sends what waits in open batches. Their acknowledgements are still to come. */
  flush(): void;
  snapshot(): PublisherSnapshot;
  readonly latency: Latency;
  /** Records by symbol and waits since the last call. */
  takeMinute(): PublisherMinute;
}

interface Entry {
  readonly record: MarketRecord;
  /** Where it came from: connection, lease and how many sockets the connection had opened under it. */
  readonly source: string;
  /** Of the lease under which it was received. */
  readonly token: number;
}

export function createRecordPublisher(options: RecordPublisherOptions): RecordPublisher {
  const { target, topic, producer, encode, clock, logger, onFailure } = options;
  const book = createAccountBook();
  const latency = createLatency();
  const minuteLatency = createLatency();
  let minuteCounts = new Map<string, number>();
  let projection: ReadonlySet<string> | null = null;
  let firstAcknowledgedAt: number | null = null;
  let sequence = 0;
  let leaseToken = 0;

  const lose = (entries: readonly Entry[], reason: DropReason, error: Error): void => {
    book.drop(entries.length, reason);
    onFailure(reason, entries.length, error);
  };

  const acknowledge = (entries: readonly Entry[]): void => {
    const now = clock.now();
    firstAcknowledgedAt ??= now;
    book.acknowledge(entries.length);
    for (const { record } of entries) {
      const waitMs = now - record.received_at * 1_000;
      latency.record(waitMs);
      minuteLatency.record(waitMs);
    }
  };

  /** A message has one token; while Kafka takes nothing a batch may grow beyond the change of a lease. */
  const send = (code: string, entries: readonly Entry[]): void => {
    const token = entries[0]?.token;
    if (entries.at(-1)?.token === token) {
      sendBatch(code, entries);
    } else {
      const end = entries.findIndex((entry) => entry.token !== token);
      sendBatch(code, entries.slice(0, end));
      send(code, entries.slice(end));
    }
  };

  const sendBatch = (code: string, entries: readonly Entry[]): void => {
    sequence += 1;
    let value: Buffer;
    try {
      const records = entries.map(({ record }) => (projection ? projected(record, projection) : record));
      value = encode(createRecordBatch(target as Target & { request_type: RequestType }, records, clock));
    } catch (error) {
      lose(entries, 'encoding_failed', error as Error);
      return;
    }
    const headers = {
      'naru-event-id': eventId(target, code, entries, sequence),
      'naru-lease-token': String(entries[0]?.token),
    };
    try {
      void producer.send({ topic, key: code, value, headers }, (error) => {
        if (error) lose(entries, 'delivery_failed', error);
        else acknowledge(entries);
      });
    } catch (error) {
      lose(entries, 'delivery_failed', error as Error);
    }
  };

  const batcher = createMarketBatcher<Entry>({
    clock,
    maxRecords: options.maxBatchRecords,
    maxWaitMs: options.maxBatchWaitMs,
    maxBuffered: options.maxBuffered,
    // A ticker makes the one before it obsolete; a trade or a step of a book does not.
    whenHeld: target.request_type === 'ticker' ? 'conflate' : 'append',
    onBatch: send,
    onConflated: () => book.conflate(1),
    onDropped: (code, entry) => {
      lose([entry], 'buffer_full', new Error(`no room for ${code} while Kafka takes nothing`));
    },
  });

  return {
    publish(records, connectionId, epoch) {
      const token = leaseToken;
      const source = `${connectionId}@${token}.${epoch}`;
      book.receive(records.length);
      for (const record of records) {
        minuteCounts.set(record.code, (minuteCounts.get(record.code) ?? 0) + 1);
        batcher.add(record.code, { record, source, token });
      }
    },
    lease(token) {
      leaseToken = token;
    },
    project(fields) {
      projection = fields === null ? null : new Set([...alwaysPublished[target.request_type], ...fields]);
    },
    hold() {
      logger.warn('kafka is behind, records wait here', { topic });
      batcher.hold();
    },
    latency,
    release: () => batcher.release(),
    flush: () => batcher.flush(),
    takeMinute() {
      const countBySymbol = Object.fromEntries(minuteCounts);
      minuteCounts = new Map();
      return { countBySymbol, latency: minuteLatency.take() };
    },
    snapshot: () => ({ accounts: { ...book.current }, latency: latency.summary(), firstAcknowledgedAt }),
  };
}

function projected(record: MarketRecord, fields: ReadonlySet<string>): Partial<MarketRecord> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => fields.has(name)));
}

/** The same for the same content, as far as the exchange gives ids; else by socket and order of sending. */
function eventId(target: Target, code: string, entries: readonly Entry[], sequence: number): string {
  const first = entries[0]!;
  const last = entries.at(-1)!;
  if ('sequential_id' in first.record && 'sequential_id' in last.record) {
    return `${target.exchange}:${code}:${first.record.sequential_id}-${last.record.sequential_id}`;
  }
  return `${first.source}:${code}:${sequence}`;
}
