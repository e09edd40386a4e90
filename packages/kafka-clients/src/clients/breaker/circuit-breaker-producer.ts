import type { KafkaProducer } from '../../producer/kafka-producer.js';
import type { DeliveryReport, ProducerMessage } from '../../producer/message.js';
import type { Breaker } from './breaker.js';

export interface CircuitBreakerProducerOptions {
  readonly producer: Pick<KafkaProducer, 'sendAndWait'>;
  readonly breaker: Breaker;
}

/** Sends through a breaker: while it is open, sending fails at once with the breaker's own error. */
export class CircuitBreakerProducer implements Pick<KafkaProducer, 'sendAndWait'> {
  readonly #producer: Pick<KafkaProducer, 'sendAndWait'>;
  readonly #breaker: Breaker;

  constructor({ producer, breaker }: CircuitBreakerProducerOptions) {
    this.#producer = producer;
    this.#breaker = breaker;
  }

  /** Rejects with the producer's error, which the breaker counts, or with the breaker's. */
  sendAndWait(message: ProducerMessage): Promise<DeliveryReport> {
    return this.#breaker.execute(() => this.#producer.sendAndWait(message));
  }
}
