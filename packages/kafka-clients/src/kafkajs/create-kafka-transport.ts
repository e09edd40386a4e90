import { duration, nonEmptyList, wholeNumber } from '../option-checks.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { KafkaTransportOptions } from './connection-options.js';
import { KafkajsAdmin } from './kafkajs-admin.js';
import { KafkajsConsumer } from './kafkajs-consumer.js';
import { KafkajsProducer } from './kafkajs-producer.js';

/**
 * Kafka through kafkajs. Builds nothing and connects to nothing until a client asks.
 *
 * @throws {KafkaClientError} `invalid_option`
 */
export function createKafkaTransport(options: KafkaTransportOptions): KafkaTransport {
  nonEmptyList('brokers', options.brokers);
  wholeNumber('connectionTimeoutMs', options.connectionTimeoutMs ?? 5_000, 1);
  duration('metadataMaxAgeMs', options.metadataMaxAgeMs ?? 300_000);
  return {
    createProducer: (producer) => new KafkajsProducer(options, producer),
    createConsumer: (consumer) => new KafkajsConsumer(options, consumer),
    createAdmin: () => new KafkajsAdmin(options),
  };
}
