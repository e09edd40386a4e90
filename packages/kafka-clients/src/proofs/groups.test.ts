import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import type { KafkaConsumer, KafkaConsumerOptions } from '../consumer/kafka-consumer.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import { createCondition } from './condition.js';
import { createTopic } from './create-topic.js';
import { GroupWatch, watchCommits } from './handled-before-committed.js';
import { endMember, startMember } from './member-process.js';

const PARTITIONS = 6;

describe('consumer groups', () => {
  let broker: BrokerForTests;
  let transport: KafkaTransport;
  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
    transport = createKafkaTransport({ brokers: broker.bootstrap });
  });
  afterAll(() => broker.close());

  async function fill(topic: string, from: number, count: number): Promise<void> {
    await using producer = createKafkaProducer({ transport, lingerMs: 1, maxQueuedMessages: 10_000 });
    await producer.connect();
    const sends = Array.from({ length: count }, (_, index) =>
      producer.sendAndWait({ topic, partition: (from + index) % PARTITIONS, value: String(from + index) }),
    );
    await Promise.all(sends);
  }

  const memberOptions = { sessionTimeoutMs: 10_000, heartbeatIntervalMs: 100, maxWaitMs: 50, commitIntervalMs: 20 };

  test('members join and leave under load: everything is handled, nothing is committed before it was', async () => {
    const topic = await createTopic(transport, PARTITIONS, 1);
    const groupId = `group-${topic}`;
    const watch = new GroupWatch();
    const watched = watchCommits(transport, watch);
    const { check, until } = createCondition();
    const join = async (): Promise<KafkaConsumer> => {
      const consumer = createKafkaConsumer({
        transport: watched,
        groupId,
        topics: [topic],
        fromBeginning: true,
        ...memberOptions,
        handler: async ({ partition, offset }) => {
          await new Promise(setImmediate);
          watch.handled(partition, Number(offset));
          check();
        },
        onEvent: check,
      });
      await consumer.start();
      return consumer;
    };
    const partitionsOf = ({ state }: KafkaConsumer): number =>
      state.status === 'consuming' ? state.partitions.length : 0;

    await fill(topic, 0, 3_000);
    const first = await join();
    await until(() => watch.distinct >= 500);
    const second = await join();
    await until(() => partitionsOf(first) === 3 && partitionsOf(second) === 3);
    const third = await join();
    const filling = fill(topic, 3_000, 3_000);
    await until(() => partitionsOf(first) === 2 && partitionsOf(second) === 2 && partitionsOf(third) === 2);
    await first.close();
    await filling;
    await until(() => watch.distinct === 6_000);
    await Promise.all([second.close(), third.close()]);

    expect(watch.violations).toEqual([]);
    expect(watch.commits).toBeGreaterThan(0);
    await using admin = createKafkaAdmin({ transport });
    expect((await admin.describeLag(groupId, [topic])).map(({ lag }) => lag)).toEqual(Array(PARTITIONS).fill(0));
  }, 60_000);

  test.each<[string, () => unknown]>([
    ['TypeError', () => (undefined as never as { x: { y: unknown } }).x.y],
    [
      'RangeError',
      () => {
        throw new RangeError('out of range');
      },
    ],
    ['SyntaxError', () => JSON.parse('{')],
    [
      'undefined',
      () => {
        throw undefined;
      },
    ],
  ])('a handler that throws %s never stops the group', async (_, fail) => {
    const topic = await createTopic(transport, 1, 1);
    await fill1(topic);
    const dead: string[] = [];
    const handled = await new Promise<string[]>((resolve, reject) => {
      const seen: string[] = [];
      const consumer = createKafkaConsumer({
        transport,
        groupId: `group-${topic}`,
        topics: [topic],
        fromBeginning: true,
        ...memberOptions,
        retries: 1,
        backoffMs: 1,
        deadLetter: { publish: async (message) => void dead.push(String(message.value)) },
        handler: (message) => {
          const value = String(message.value);
          if (value === 'bad') fail();
          seen.push(value);
          if (value === 'last') setImmediate(() => consumer.close().then(() => resolve(seen), reject));
        },
      });
      consumer.start().catch(reject);
    });
    expect([handled, dead]).toEqual([['first', 'last'], ['bad']]);
  });

  async function fill1(topic: string): Promise<void> {
    await using producer = createKafkaProducer({ transport, lingerMs: 0 });
    await producer.connect();
    for (const value of ['first', 'bad', 'last']) await producer.sendAndWait({ topic, value });
  }

  test('a member that is stopped for longer than its session loses its partitions and comes back', async () => {
    const topic = await createTopic(transport, PARTITIONS, 1);
    const groupId = `group-${randomUUID()}`;
    const watch = new GroupWatch();
    const { check, until } = createCondition();
    // Brokers refuse sessions shorter than their minimum: six seconds unless configured, the embedded one takes any.
    const options = {
      ...memberOptions,
      sessionTimeoutMs: broker.kind === 'real' ? 6_000 : 1_000,
      groupId,
      topics: [topic],
      fromBeginning: true,
    } satisfies Partial<KafkaConsumerOptions>;
    const stopped = startMember({ ...options, brokers: broker.bootstrap });
    let assigned = 0;
    createInterface({ input: stopped.stdout! }).on('line', (line) => {
      const [event, partition, offset] = line.split(' ');
      if (event === 'assigned') assigned = Number(partition);
      else watch.handled(Number(partition), Number(offset));
      check();
    });
    const consumer = createKafkaConsumer({
      ...options,
      transport: watchCommits(transport, watch),
      handler: ({ partition, offset }) => {
        watch.handled(partition, Number(offset));
        check();
      },
      onEvent: check,
    });
    const own = (): number => (consumer.state.status === 'consuming' ? consumer.state.partitions.length : 0);
    try {
      await until(() => assigned === PARTITIONS);
      await consumer.start();
      await until(() => assigned === 3 && own() === 3);
      await fill(topic, 0, 600);
      stopped.kill('SIGSTOP');
      await fill(topic, 600, 600);
      await until(() => own() === PARTITIONS && watch.distinct === 1_200);
      stopped.kill('SIGCONT');
      await until(() => own() === 3);
      await fill(topic, 1_200, 600);
      await until(() => watch.distinct === 1_800);
      expect(watch.violations).toEqual([]);
    } finally {
      stopped.kill('SIGCONT');
      await Promise.all([consumer.close(), endMember(stopped)]);
    }
    await using admin = createKafkaAdmin({ transport });
    expect((await admin.describeLag(groupId, [topic])).map(({ lag }) => lag)).toEqual(Array(PARTITIONS).fill(0));
  }, 90_000);
});
