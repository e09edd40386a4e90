import { nonEmptyList } from '../option-checks.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { KafkaTransportOptions } from './connection-options.js';
import { KafkajsAdmin } from './kafkajs-admin.js';
import { KafkajsConsumer } from './kafkajs-consumer.js';
import { KafkajsProducer } from './kafkajs-producer.js';

/** Kafka through kafkajs. Builds nothing and connects to nothing until a client asks. */
export function createKafkaTransport(options: KafkaTransportOptions): KafkaTransport {
  nonEmptyList('brokers', options.brokers);
  return {
    createProducer: (producer) => new KafkajsProducer(options, producer),
    createConsumer: (consumer) => new KafkajsConsumer(options, consumer),
    createAdmin: () => new KafkajsAdmin(options),
  };
}
