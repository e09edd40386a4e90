import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { brokerForTests } from '@naru/test-services';
import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createTopic } from './create-topic.js';

test('a consumer that is closed while the broker holds its join leaves at once, and nothing of it stays in the group', async () => {
  const broker = await brokerForTests(createEmbeddedKafka);
  onTestFinished(() => broker.close());
  const transport = createKafkaTransport({ brokers: broker.bootstrap });
  const topic = await createTopic(transport, 2);
  const groupId = `group-${topic}`;
  const members = {
    transport,
    groupId,
    topics: [topic],
    handler: () => {},
    // The first hears of the second's join only by its next heartbeat: until then the join is held.
    sessionTimeoutMs: 300_000,
    heartbeatIntervalMs: 299_000,
    rebalanceTimeoutMs: 300_000,
  };
  await using first = createKafkaConsumer(members);
  await first.start();
  const second = createKafkaConsumer(members);
  const started = expect(second.start()).rejects.toMatchObject({ code: 'closed' });
  const admin = new Kafka({ brokers: [...broker.bootstrap], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const group = async (): Promise<[state: string, members: number]> => {
      const { groups } = await admin.describeGroups([groupId]);
      return [groups[0]!.state, groups[0]!.members.length];
    };
    await expect.poll(group, { timeout: 15_000 }).toEqual(['PreparingRebalance', 2]);
    await second.close();
    await started;
    expect(await group()).toEqual(['PreparingRebalance', 1]);
  } finally {
    await admin.disconnect();
  }
}, 30_000);
