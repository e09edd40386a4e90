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
  readonly onRecordsEvent: NonNullable<KafkaProducerOptions['onEvent']>;
}

/** Both producers, connected and on the stack. */
export async function connectProducers(
  { config, onRecordsEvent, ...shared }: ProducersOptions,
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
    maxQueuedMessages: 20_000,
    onEvent: onRecordsEvent,
  });
  closing.defer('event producer', () => events.close(config.shutdownDeadlineMs));
  closing.defer('record producer', () => records.close(config.shutdownDeadlineMs));
  await Promise.all([events.connect(), records.connect()]);
  return { events, records };
}
