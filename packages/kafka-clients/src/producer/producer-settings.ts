import { type Clock, type Logger, type Metrics, silentLogger, silentMetrics, systemClock } from '@naru/core';
import { KafkaClientError } from '../kafka-client-error.js';
import { duration, nonEmpty, oneOf, wholeNumber } from '../option-checks.js';
import { createPartitioner, type Partitioner } from '../partitioner/partitioner.js';
import type { Compression } from '../transport/transport-producer.js';
import type { KafkaProducerOptions } from './kafka-producer.js';
import type { OverflowPolicy } from './queue-bounds.js';

/** The options with their defaults, checked. */
export interface ProducerSettings {
  readonly name: string;
  readonly lingerMs: number;
  readonly batchBytes: number;
  readonly batchCount: number;
  readonly maxMessageBytes: number;
  readonly maxWaiting: number;
  readonly overflow: OverflowPolicy;
  readonly compression: Compression;
  readonly acks: -1 | 0 | 1;
  readonly idempotent: boolean;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
  readonly statusIntervalMs: number;
  readonly partitioner: Partitioner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** @throws {KafkaClientError} `invalid_option`, naming option and value. */
export function readProducerSettings(options: KafkaProducerOptions): ProducerSettings {
  const acks = options.acks ?? -1;
  const idempotent = options.idempotent ?? acks === -1;
  if (idempotent && acks !== -1) {
    throw new KafkaClientError(
      `acks is ${acks}; an idempotent producer needs -1. Pass idempotent: false to use ${acks}.`,
      { code: 'invalid_option' },
    );
  }
  return {
    name: nonEmpty('name', options.name ?? 'producer'),
    lingerMs: duration('lingerMs', options.lingerMs ?? 50),
    batchBytes: wholeNumber('batchBytes', options.batchBytes ?? 128 * 1024, 1),
    batchCount: wholeNumber('batchCount', options.batchCount ?? 10_000, 1),
    maxMessageBytes: wholeNumber('maxMessageBytes', options.maxMessageBytes ?? 1_000_000, 1),
    maxWaiting: wholeNumber('maxWaiting', options.maxWaiting ?? 10_000, 0),
    overflow: oneOf('overflow', options.overflow ?? 'wait', ['wait', 'reject', 'drop-oldest']),
    compression: oneOf('compression', options.compression ?? 'none', ['none', 'gzip', 'snappy', 'lz4', 'zstd', 'best']),
    acks,
    idempotent,
    deliveryTimeoutMs: duration('deliveryTimeoutMs', options.deliveryTimeoutMs ?? 300_000),
    requestTimeoutMs: duration('requestTimeoutMs', options.requestTimeoutMs ?? 60_000),
    retryBackoffMs: duration('retryBackoffMs', options.retryBackoffMs ?? 500),
    statusIntervalMs: duration('statusIntervalMs', options.statusIntervalMs ?? 30_000),
    partitioner: options.partitioner ?? createPartitioner(),
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silentLogger,
    metrics: options.metrics ?? silentMetrics,
  };
}
