import { createDlqEvent, type DlqEventInput, targetKey } from '@naru/core';
import { type DeadLetter, deadLetterHeaders, type Failure } from '../../consumer/dead-letter.js';
import type { ReceivedMessage } from '../../consumer/received-message.js';
import { KafkaClientError } from '../../kafka-client-error.js';
import type { RecordHeaders } from '../../transport/transport-producer.js';
import { EventProducer } from './event-producer.js';

/** Publishes to `ws.dlq`: the failed message itself, byte for byte, or a summary as JSON. */
export class DlqProducer extends EventProducer implements DeadLetter {
  /** The failed message's key and bytes with headers that say why and where from. Rejects when it is not delivered. */
  async publish(message: ReceivedMessage, failure: Failure, headers: RecordHeaders = {}): Promise<void> {
    const delivered = await this.produceSending(this.topics.dlq, message.value, message.key, {
      headers: { ...deadLetterHeaders(message, failure), ...headers },
    });
    if (delivered) return;
    throw new KafkaClientError(
      `A dead letter for ${this.topics.dlq} was not delivered; its message stays where it is.`,
      {
        code: 'delivery_timeout',
        retryable: true,
      },
    );
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
