import { type Clock, systemClock } from '@naru/core';
import { waitFor } from '../../backoff.js';
import { createKafkaConsumer } from '../../consumer/create-kafka-consumer.js';
import type { HandlerContext, MessageHandler } from '../../consumer/handling.js';
import type { ConsumerState, KafkaConsumer, KafkaConsumerOptions } from '../../consumer/kafka-consumer.js';
import type { ReceivedMessage } from '../../consumer/received-message.js';
import { duration } from '../../option-checks.js';
import { type Breaker, isBreakerRejection, retryAfterMs } from './breaker.js';

export interface CircuitBreakerConsumerOptions extends KafkaConsumerOptions {
  readonly handler: MessageHandler;
  readonly breaker: Breaker;
  /** Wait before asking an open breaker again that does not say when, milliseconds. Default 1,000. */
  readonly openWaitMs?: number | undefined;
}

/**
 * Handles messages through a breaker. While it is open the message waits: it is neither handled nor counted as failed,
 * so an outage of what the handler needs does not turn into dead letters.
 */
export class CircuitBreakerConsumer {
  readonly #consumer: KafkaConsumer;
  readonly #clock: Clock;
  readonly #openWaitMs: number;

  constructor(options: CircuitBreakerConsumerOptions) {
    const { breaker, handler, openWaitMs = 1_000, ...rest } = options;
    this.#clock = options.clock ?? systemClock;
    this.#openWaitMs = duration('openWaitMs', openWaitMs);
    this.#consumer = createKafkaConsumer({
      ...rest,
      handler: (message, context) => this.#handle(message, context, breaker, handler),
    });
  }

  get state(): ConsumerState {
    return this.#consumer.state;
  }

  start(): Promise<void> {
    return this.#consumer.start();
  }

  close(): Promise<void> {
    return this.#consumer.close();
  }

  async #handle(
    message: ReceivedMessage,
    context: HandlerContext,
    breaker: Breaker,
    handler: MessageHandler,
  ): Promise<void> {
    for (;;) {
      try {
        await breaker.execute(async () => handler(message, context));
        return;
      } catch (error) {
        if (!isBreakerRejection(error) || context.signal.aborted) throw error;
        await waitFor(this.#clock, retryAfterMs(error) ?? this.#openWaitMs, context.signal);
      }
    }
  }
}
