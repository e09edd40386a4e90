import { KafkaClientError } from '../kafka-client-error.js';
import { estimateBytes, type ProducerMessage } from './message.js';

/** The message's size, once it is known that it can be sent. @throws {KafkaClientError} */
export function checkMessage(message: ProducerMessage, maxMessageBytes: number): number {
  if (typeof message.topic !== 'string' || message.topic.length === 0) {
    throw new KafkaClientError('A message has no topic. Name one.', { code: 'invalid_message' });
  }
  if (message.value !== null && typeof message.value !== 'string' && !Buffer.isBuffer(message.value)) {
    throw new KafkaClientError(
      `The value of a message for ${message.topic} is ${typeof message.value}. Serialize it to a Buffer or a string; null is a tombstone.`,
      { code: 'invalid_message' },
    );
  }
  const { partition, timestamp } = message;
  if (partition !== undefined) checkWhole(message.topic, 'partition', partition);
  if (timestamp !== undefined) checkWhole(message.topic, 'timestamp', timestamp);
  const bytes = estimateBytes(message);
  if (bytes > maxMessageBytes) {
    throw new KafkaClientError(
      `A message for ${message.topic} takes ${bytes} bytes; the most is ${maxMessageBytes}. Split it, or raise maxMessageBytes and the broker's message.max.bytes.`,
      { code: 'message_too_large' },
    );
  }
  return bytes;
}

function checkWhole(topic: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new KafkaClientError(
    `The ${name} of a message for ${topic} is ${value}; it must be a whole number, 0 or more.`,
    { code: 'invalid_message' },
  );
}
