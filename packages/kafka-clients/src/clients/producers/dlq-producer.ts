import { createDlqEvent, type DlqEventInput, targetKey } from '@naru/core';
import { createDeadLetterTopic, type DeadLetter, type Failure } from '../../consumer/dead-letter.js';
import type { ReceivedMessage } from '../../consumer/received-message.js';
import { KafkaClientError, toKafkaClientError } from '../../kafka-client-error.js';
import type { RecordHeaders } from '../../transport/transport-producer.js';
import { EventProducer, type EventProducerOptions } from './event-producer.js';

/** Publishes to `ws.dlq`: the failed message itself, byte for byte, or a summary as JSON. */
export class DlqProducer extends EventProducer implements DeadLetter {
  readonly #letters: DeadLetter;

  constructor(options: EventProducerOptions) {
    super(options);
    this.#letters = createDeadLetterTopic({ producer: options.producer, topic: this.topics.dlq });
  }

  /**
   * The failed message's key and bytes with headers that say why and where from; only what the topic refuses as too
   * large is cut, as `createDeadLetterTopic` says. Rejects when it is not delivered, with why.
   */
  async publish(message: ReceivedMessage, failure: Failure, headers?: RecordHeaders): Promise<void> {
    try {
      await this.#letters.publish(message, failure, headers);
    } catch (thrown) {
      const cause = toKafkaClientError(thrown);
      throw new KafkaClientError(
        `A dead letter for ${this.topics.dlq} was not delivered; its message stays where it is. ${cause.message}`,
        { code: cause.code, retryable: true, possiblyWritten: cause.possiblyWritten, cause },
      );
    }
  }

  /** A summary for readers that do not look into headers. */
  sendDlqEvent(input: DlqEventInput): Promise<boolean> {
    return this.produceSending(
      this.topics.dlq,
      createDlqEvent(input, this.eventContext),
      input.target && targetKey(input.target),
    );
  }
}
