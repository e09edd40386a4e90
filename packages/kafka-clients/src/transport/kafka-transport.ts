import type { TransportAdmin } from './transport-admin.js';
import type { TransportConsumer, TransportConsumerOptions } from './transport-consumer.js';
import type { TransportProducer, TransportProducerOptions } from './transport-producer.js';

/**
 * The little that producer, consumer and admin ask of a Kafka library. Everything else (queues, batches, retries,
 * order, offsets, dead letters, restarts) is done above it, so that another library is one adapter away.
 * `createMemoryTransport` and `transportContract` under `./testing` are the reference and the rules.
 */
export interface KafkaTransport {
  createProducer(options: TransportProducerOptions): TransportProducer;
  createConsumer(options: TransportConsumerOptions): TransportConsumer;
  createAdmin(): TransportAdmin;
}
