import {
  type Clock,
  createBatchCollected,
  createPerformanceSummary,
  type Logger,
  type Target,
  targetKey,
} from '@naru/core';
import type { KafkaProducer } from '@naru/kafka-clients';
import type { BatchCounts } from '../publishing/record-publisher.js';

export interface BatchSource {
  readonly target: Target;
  /** Only grow. */
  readonly batches: BatchCounts;
}

export interface BatchPerformanceOptions {
  readonly producer: Pick<KafkaProducer, 'send'>;
  readonly topic: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Publishes what batches are like. A batch is the records of one market that go in one message: there are thousands a
 * second, so `batch_collected` shows the latest of a target each time it is called, and the summary counts all of them.
 *
 * `cache_efficiency` is what batching saved: the share of records that needed no message of their own.
 */
export interface BatchPerformance {
  collected(sources: readonly BatchSource[]): void;
  summarize(sources: readonly BatchSource[]): void;
}

const none: BatchCounts = { batches: 0, records: 0, lastRecords: 0 };

export function createBatchPerformance({ producer, topic, clock, logger }: BatchPerformanceOptions): BatchPerformance {
  // Targets are a closed set, and each has one entry.
  const told = new Map<string, number>();
  const summarized = new Map<string, BatchCounts>();
  let since = clock.monotonic();

  const send = (target: Target, event: object): void => {
    const key = targetKey(target);
    void producer.send({ topic, key, value: Buffer.from(JSON.stringify(event)) }, (error) => {
      if (error) logger.debug('batch performance not delivered', { target: key, error: error.message });
    });
  };

  return {
    collected(sources) {
      for (const { target, batches } of sources) {
        const key = targetKey(target);
        if (batches.batches === (told.get(key) ?? 0)) continue;
        told.set(key, batches.batches);
        const stats = {
          batch_size: batches.lastRecords,
          unique_symbols: 1,
          cache_efficiency: saved(1, batches.lastRecords),
          collection_timestamp_ms: Math.floor(clock.now()),
        };
        send(target, createBatchCollected({ target, stats }, { clock }));
      }
    },
    summarize(sources) {
      const now = clock.monotonic();
      const seconds = Math.max(0.001, (now - since) / 1_000);
      since = now;
      for (const { target, batches: all } of sources) {
        const key = targetKey(target);
        const before = summarized.get(key) ?? none;
        summarized.set(key, { ...all });
        const batches = all.batches - before.batches;
        const records = all.records - before.records;
        if (batches === 0) continue;
        const stats = {
          total_batches: batches,
          total_messages: records,
          avg_batch_size: records / batches,
          avg_symbols_per_batch: 1,
          avg_cache_efficiency: saved(batches, records),
          messages_per_second: records / seconds,
          batches_per_minute: (batches * 60) / seconds,
          elapsed_seconds: seconds,
        };
        send(
          target,
          createPerformanceSummary({ target, aggregated_stats: stats, summary_period_seconds: 60 }, { clock }),
        );
      }
    },
  };
}

function saved(messages: number, records: number): number {
  return records === 0 ? 0 : 1 - messages / records;
}
