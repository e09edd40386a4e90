import { createKafkaProducer, type KafkaProducer, type KafkaProducerOptions } from '@naru/kafka-clients';
import type { GatewayConfig } from '../config/gateway-config.js';
import type { ClosingStack } from './closing-stack.js';
import { maxLetterBytes } from './topics.js';

/** Events and dead letters are rare and awaited; records are many and wait for each other. */
export interface Producers {
  readonly events: KafkaProducer;
  readonly records: KafkaProducer;
}

export interface ProducersOptions extends Pick<KafkaProducerOptions, 'transport' | 'clock' | 'logger' | 'metrics'> {
  readonly config: GatewayConfig;
  /** What is left of the time for closing, in milliseconds. */
  readonly leftMs: () => number;
  readonly onRecordsEvent: NonNullable<KafkaProducerOptions['onEvent']>;
}

/**
 * Records are given up by the delivery, which has them on disk as well, and not by the producer: what the producer
 * keeps trying is recognised by the broker and not written twice.
 */
const recordsTimeoutMs = 24 * 60 * 60_000;

/** What a replay of the spool has on its way beside the messages in memory, generously. */
const replayBytes = 16 * 1024 * 1024;

/** What the smallest message counts for in the producer's queue. */
const leastMessageBytes = 70;

/** Both producers, connected and on the stack. */
export async function connectProducers(
  { config, leftMs, onRecordsEvent, ...shared }: ProducersOptions,
  closing: ClosingStack,
): Promise<Producers> {
  const events = createKafkaProducer({
    ...shared,
    name: 'events',
    lingerMs: 0,
    compression: 'gzip',
    maxMessageBytes: maxLetterBytes,
  });
  const records = createKafkaProducer({
    ...shared,
    name: 'records',
    lingerMs: config.publishing.lingerMs,
    compression: config.publishing.compression,
    // The delivery keeps within the bound of bytes. What waited in a line of the producer would be in no account.
    maxQueuedMessages: Math.ceil((config.publishing.maxMemoryBytes + replayBytes) / leastMessageBytes),
    maxQueuedBytes: config.publishing.maxMemoryBytes + replayBytes,
    overflow: 'reject',
    deliveryTimeoutMs: recordsTimeoutMs,
    onEvent: onRecordsEvent,
  });
  closing.defer('event producer', () => events.close(leftMs()));
  // The delivery has waited before, and has accounted for what the producer still has.
  closing.defer('record producer', () => records.close(0).catch(() => {}));
  await Promise.all([events.connect(), records.connect()]);
  return { events, records };
}
