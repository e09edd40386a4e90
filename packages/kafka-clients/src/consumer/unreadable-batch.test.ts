import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic } from '../proofs/create-topic.js';
import { createKafkaConsumer } from './create-kafka-consumer.js';
import type { DeadLetter } from './dead-letter.js';
import type { ConsumerEvent, KafkaConsumerOptions } from './kafka-consumer.js';
import { readToEnd } from './read-to-end.js';

const maxUnpackedBytes = 256 * 1024;

describe('a batch that unpacks to more than it may', () => {
  let broker: BrokerForTests;
  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
  });
  afterAll(() => broker.close());

  /** A bomb between two messages in partition 0, and one message in partition 1. */
  async function bombed() {
    const transport = createKafkaTransport({ brokers: broker.bootstrap });
    const topic = await createTopic(transport, 2, 1);
    await using producer = createKafkaProducer({
      transport,
      lingerMs: 0,
      compression: 'gzip',
      maxMessageBytes: 1024 * 1024,
    });
    await producer.connect();
    for (const value of ['before', 'x'.repeat(600_000), 'behind']) {
      await producer.sendAndWait({ topic, partition: 0, value });
    }
    await producer.sendAndWait({ topic, partition: 1, value: 'beside' });
    return { transport, topic };
  }

  /** Consumes until `over` is called by what it is told. */
  async function consume(
    options: Pick<KafkaConsumerOptions, 'transport' | 'topics'>,
    deadLetter: DeadLetter | undefined,
    isOver: (handled: readonly string[], failed: readonly ConsumerEvent[]) => boolean,
  ): Promise<{ readonly handled: string[]; readonly failed: ConsumerEvent[] }> {
    const handled: string[] = [];
    const failed: ConsumerEvent[] = [];
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (isOver(handled, failed)) setImmediate(() => consumer.close().then(resolve, reject));
      };
      const consumer = createKafkaConsumer({
        ...options,
        groupId: `bombed-${options.topics[0]}`,
        fromBeginning: true,
        maxUnpackedBytes,
        backoffMs: 1,
        drainTimeoutMs: 1,
        deadLetter,
        handler: ({ value }) => {
          handled.push(String(value));
          look();
        },
        onEvent: (event) => {
          if (event.type === 'message_failed') failed.push(event);
          look();
        },
      });
      consumer.start().catch(reject);
    });
    return { handled, failed };
  }

  test('is one dead letter, and what is behind it comes', async () => {
    const { transport, topic } = await bombed();
    const letters: unknown[] = [];
    const deadLetter: DeadLetter = {
      publish: async ({ offset, value }, { error }) => {
        letters.push([offset, value!.length < 10_000, (error as { code: string }).code]);
      },
    };
    const { handled } = await consume({ transport, topics: [topic] }, deadLetter, ({ length }) => length === 3);
    expect([...handled].sort()).toEqual(['before', 'behind', 'beside']);
    expect(letters).toEqual([['1', true, 'batch_unreadable']]);
  });

  test('without dead letters holds up its own partition, is told of, and no other waits', async () => {
    const { transport, topic } = await bombed();
    const { handled, failed } = await consume(
      { transport, topics: [topic] },
      undefined,
      (done, failures) => done.length === 2 && failures.length >= 3,
    );
    expect([...handled].sort()).toEqual(['before', 'beside']);
    expect(failed[0]).toMatchObject({ error: { code: 'batch_unreadable' }, message: { offset: '1' } });
  });

  test('ends a reading to the end', async () => {
    const { transport, topic } = await bombed();
    const reading = { transport, topics: [topic], onMessage: () => {} };
    expect(await readToEnd(reading)).toEqual({ messages: 4, deleted: 0 });
    await expect(readToEnd({ ...reading, maxUnpackedBytes })).rejects.toMatchObject({ code: 'batch_unreadable' });
  });
});
