import { createManualClock } from '@naru/core/testing';
import { createEmbeddedKafka, type EmbeddedKafka } from '@naru/embedded-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import { createKafkaTransport } from './create-kafka-transport.js';

let kafka: EmbeddedKafka;
beforeAll(async () => {
  kafka = await createEmbeddedKafka({ topics: ['committed', 'open'] });
});
afterAll(() => kafka.close());

const client = (): Kafka => new Kafka({ brokers: [...kafka.bootstrap], logLevel: logLevel.NOTHING });

/** Writes a message in a transaction; its end is an offset that is no message. The answer ends it. */
async function begin(topic: string): Promise<() => Promise<void>> {
  const producer = client().producer({ transactionalId: `tx-${topic}`, maxInFlightRequests: 1, idempotent: true });
  await producer.connect();
  const transaction = await producer.transaction();
  await transaction.send({ topic, messages: [{ value: 'in a transaction' }] });
  return async () => {
    await transaction.commit();
    await producer.disconnect();
  };
}

/** Consumes a topic of one message, and tells whether the membership is given up while no other comes. */
async function isTakenForStuck(topic: string): Promise<boolean> {
  const clock = createManualClock();
  const transport = createKafkaTransport({ brokers: kafka.bootstrap });
  let left = false;
  let onHandled = (): void => {};
  const handled = new Promise<void>((resolve) => {
    onHandled = resolve;
  });
  await using consumer = createKafkaConsumer({
    transport: {
      ...transport,
      createConsumer(options) {
        const member = transport.createConsumer(options);
        const close = member.close.bind(member);
        member.close = () => {
          left = true;
          return close();
        };
        return member;
      },
    },
    groupId: topic,
    topics: [topic],
    fromBeginning: true,
    handler: () => onHandled(),
    commitIntervalMs: 0,
    stallTimeoutMs: 10_000,
    clock,
  });
  await consumer.start();
  await handled;
  await clock.advance(0);
  await consumer.commit();
  await clock.advance(12_000);
  return left;
}

test('a consumer that has read all but the end of a transaction is not taken for stuck', async () => {
  const commit = await begin('committed');
  await commit();
  expect(await isTakenForStuck('committed')).toBe(false);
});

test('nor is one that waits for the end of an open transaction', async () => {
  const producer = client().producer();
  await producer.connect();
  await producer.send({ topic: 'open', messages: [{ value: 'before' }] });
  await producer.disconnect();
  const commit = await begin('open');
  expect(await isTakenForStuck('open')).toBe(false);
  await commit();
});
