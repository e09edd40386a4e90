import {
  type Clock,
  createMetricsEvent,
  createProcessingMetrics,
  createQualityMetrics,
  createReceptionMetrics,
  type Logger,
  targetKey,
  targetMessageKey,
} from '@naru/core';
import type { KafkaProducer } from '@naru/kafka-clients';
import type { BatchPerformance } from './batch-performance.js';
import { startMinuteClock } from './minute-clock.js';
import { type MinuteFigures, type MinuteSource, type MinuteTotals, minuteFigures, noTotals } from './minute-figures.js';

/** Encoders of the four kinds of events that the metrics topic carries. */
export interface MetricsEncoders {
  readonly counting: (event: object) => Buffer;
  readonly reception: (event: object) => Buffer;
  readonly processing: (event: object) => Buffer;
  readonly quality: (event: object) => Buffer;
}

export interface MinuteMetricsOptions {
  readonly producer: Pick<KafkaProducer, 'send'>;
  readonly topic: string;
  readonly encode: MetricsEncoders;
  /** Every target at the end of a minute; what is "of the minute" begins anew with the call. */
  readonly takeMinute: () => readonly MinuteSource[];
  /** Is told of every target at the end of a minute, too. */
  readonly performance?: Pick<BatchPerformance, 'summarize'> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Publishes a counting batch and the three layers for every target, every minute of the clock. */
export interface MinuteMetrics {
  /** Publishes the running minute too, then no more. */
  stop(): void;
}

const batchVersion = 1;

export function startMinuteMetrics(options: MinuteMetricsOptions): MinuteMetrics {
  const { producer, topic, encode, clock, logger } = options;
  // Targets are a closed set, and each has one entry.
  const before = new Map<string, MinuteTotals>();

  const publish = (source: MinuteSource, minute: number, figures: MinuteFigures): void => {
    const { target } = source;
    const context = { clock };
    const layer = { target, minute_start_ts_kst: minute };
    const item = { minute_start_ts_kst: minute, ...figures.counting };
    const batch = {
      range_start_ts_kst: minute,
      range_end_ts_kst: minute + 60,
      bucket_size_sec: 60 as const,
      items: [{ ...item, details: { ...item.details } }],
      version: batchVersion,
    };
    const { details, ...processing } = figures.processing;
    for (const value of [
      encode.counting(createMetricsEvent({ target, batch }, context)),
      encode.reception(createReceptionMetrics({ ...layer, ...figures.reception }, context)),
      encode.processing(createProcessingMetrics({ ...layer, ...processing, details: { ...details } }, context)),
      encode.quality(createQualityMetrics({ ...layer, ...figures.quality }, context)),
    ]) {
      void producer.send({ topic, key: targetMessageKey(target), value }, (error) => {
        if (error) logger.error('metrics not delivered', { target: targetKey(target), error: error.message });
      });
    }
  };

  return startMinuteClock(clock, (minute) => {
    const sources = options.takeMinute();
    options.performance?.summarize(sources);
    for (const source of sources) {
      const key = targetKey(source.target);
      const figures = minuteFigures(source, before.get(key) ?? noTotals);
      before.set(key, source);
      if (source.wantedSymbols > 0 || figures.reception.total_received > 0 || figures.processing.total_processed > 0) {
        publish(source, minute, figures);
      }
    }
  });
}
