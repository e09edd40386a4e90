import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { expect, test } from 'vitest';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic } from './create-topic.js';

test('a consumer whose coordinator and leaders are gone goes on with those that take over', async () => {
  await using kafka = await createEmbeddedKafka({ nodes: 3 });
  const transport = createKafkaTransport({ brokers: kafka.bootstrap, connectionTimeoutMs: 1_000 });
  const topic = await createTopic(transport, 6);
  const groupId = `group-${topic}`;
  await using producer = createKafkaProducer({ transport, lingerMs: 0, retryBackoffMs: 20, requestTimeoutMs: 2_000 });
  await producer.connect();
  const handled = new Set<string>();
  let wake: (() => void) | undefined;
  await using consumer = createKafkaConsumer({
    transport,
    groupId,
    topics: [topic],
    fromBeginning: true,
    heartbeatIntervalMs: 100,
    maxWaitMs: 50,
    commitIntervalMs: 0,
    handler: ({ value }) => {
      handled.add(String(value));
      wake?.();
    },
  });
  await consumer.start();
  let sent = 0;
  const sendAndHandle = async (): Promise<void> => {
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        producer.sendAndWait({ topic, partition: index % 6, value: `${sent}-${index}` }),
      ),
    );
    sent += 1;
    await new Promise<void>((resolve) => {
      wake = () => handled.size === sent * 60 && resolve();
      wake();
    });
  };
  await sendAndHandle();
  for (let turn = 0; turn < 3; turn += 1) {
    const gone = kafka.coordinatorOf(groupId);
    await kafka.stopNode(gone);
    await sendAndHandle();
    await kafka.startNode(gone);
    await sendAndHandle();
  }
  expect(handled.size).toBe(7 * 60);
  expect(consumer.state.status).not.toBe('halted');
}, 90_000);
