import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { KafkaClientError } from '../kafka-client-error.js';
import type { ProducerMessage } from '../producer/message.js';
import { createDeadLetterTopic } from './dead-letter.js';
import type { ReceivedMessage } from './received-message.js';

const message: ReceivedMessage = {
  topic: 'in',
  partition: 2,
  offset: '7',
  key: Buffer.from('k'),
  value: Buffer.alloc(5_000_000, 'x'),
  headers: { own: Buffer.alloc(900_000, 'y'), 'correlation-id': Buffer.from('c-1') },
  timestamp: 1,
};
const failure = { error: new Error('no good'), attempts: 1 };

/** A topic that takes messages up to a size, as a broker does. */
function setUp(maxBytes: number, error?: Error) {
  const written: ProducerMessage[] = [];
  const letters = createDeadLetterTopic({
    producer: {
      async sendAndWait(sent) {
        if (error) throw error;
        const headers = Object.values(sent.headers ?? {}).reduce((sum, text) => sum + String(text).length, 0);
        if ((sent.value?.length ?? 0) + headers > maxBytes) {
          throw new KafkaClientError('too large', { code: 'message_too_large' });
        }
        written.push(sent);
        return { topic: sent.topic, partition: 0, offset: '0', latencyMs: 0, possiblyDuplicated: false };
      },
    },
  });
  return { letters, written };
}

test('a message goes whole, with its own headers, where the topic takes it', async () => {
  const { letters, written } = setUp(10_000_000);
  await letters.publish(message, failure);
  expect(written[0]?.value).toBe(message.value);
  expect(written[0]?.headers).toMatchObject({ own: message.headers.own, '__connect.errors.offset': '7' });
});

test('one that the topic refuses as too large is cut, and says what it was', async () => {
  const { letters, written } = setUp(1_000_000);
  await letters.publish(message, failure, { 'correlation-id': 'c-2' });
  expect(written).toHaveLength(1);
  const { key, value, headers } = written[0]!;
  expect(key).toBe(message.key);
  expect(value).toEqual(Buffer.alloc(256 * 1024, 'x'));
  expect(headers).toMatchObject({
    '__connect.errors.topic': 'in',
    '__connect.errors.partition': '2',
    '__connect.errors.offset': '7',
    'correlation-id': 'c-2',
    'naru-dlq-original-bytes': '5000000',
    'naru-dlq-original-sha256': createHash('sha256').update(message.value!).digest('hex'),
  });
  expect(headers).not.toHaveProperty('own');
});

test('any other failure is left to be tried again', async () => {
  const error = new KafkaClientError('away', { code: 'connection_failed' as never });
  const { letters } = setUp(10_000_000, error);
  await expect(letters.publish(message, failure)).rejects.toBe(error);
});
