import net from 'node:net';
import { createManualClock } from '@naru/core/testing';
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KafkaClientError } from '../kafka-client-error.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createMemoryTransport } from '../testing/memory/create-memory-transport.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import { createKafkaAdmin } from './create-kafka-admin.js';
import { explainConnectionFailure } from './explain-connection-failure.js';

describe('the admin client', () => {
  let broker: BrokerForTests;
  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
  });
  afterAll(() => broker.close());

  test('creates the topics that are missing and leaves the others alone', async () => {
    await using admin = createKafkaAdmin({ transport: createKafkaTransport({ brokers: broker.bootstrap }) });
    const topic = `admin-${Date.now().toString(36)}`;
    expect(
      await admin.ensureTopics([{ topic, partitions: 3, replication: 1, config: { 'retention.ms': '3600000' } }]),
    ).toEqual([topic]);
    expect(await admin.ensureTopics([{ topic, partitions: 3 }, { topic: `${topic}-2` }])).toEqual([`${topic}-2`]);
    expect(await admin.listTopics()).toEqual(expect.arrayContaining([topic, `${topic}-2`]));
    expect(await admin.describeLag('nobody', [topic])).toEqual(
      [0, 1, 2].map((partition) => ({ topic, partition, committed: null, end: '0', lag: 0 })),
    );
  });

  test('deletes topics that are there and passes over the others', async () => {
    await using admin = createKafkaAdmin({ transport: createKafkaTransport({ brokers: broker.bootstrap }) });
    const topic = `admin-gone-${Date.now().toString(36)}`;
    await admin.ensureTopics([{ topic, partitions: 1, replication: 1 }]);
    expect(await admin.deleteTopics([topic, 'never-there'])).toEqual([topic]);
    expect(await admin.listTopics()).not.toContain(topic);
    expect(await admin.deleteTopics([topic])).toEqual([]);
  });

  test('says that brokers answer', async () => {
    await using admin = createKafkaAdmin({ transport: createKafkaTransport({ brokers: broker.bootstrap }) });
    expect(await admin.checkBrokers()).toMatchObject({
      ok: true,
      explanation: expect.stringContaining('1 broker(s) answer'),
    });
  });

  test('says in words that nothing listens, and that the address does not speak Kafka', async () => {
    const closed = await openPort(() => {});
    await closed.close();
    await using refused = createKafkaAdmin({ transport: createKafkaTransport({ brokers: [closed.address] }) });
    expect(await refused.checkBrokers()).toMatchObject({
      ok: false,
      error: { code: 'connection_failed' },
      explanation: expect.stringMatching(
        new RegExp(`^Nothing listens at the address. [^(]*\\([^(]*${closed.address}\\)$`),
      ),
    });
    const other = await openPort((socket) => socket.resume().end());
    await using hungUp = createKafkaAdmin({ transport: createKafkaTransport({ brokers: [other.address] }) });
    expect(await hungUp.checkBrokers()).toMatchObject({
      ok: false,
      explanation: expect.stringContaining('Check the ssl and sasl options'),
    });
    await other.close();
  });
});

test('closing ends a question that is never answered', async () => {
  let onReached = (): void => {};
  const reached = new Promise<void>((resolve) => {
    onReached = resolve;
  });
  const silent = await openPort(() => onReached());
  const admin = createKafkaAdmin({ transport: createKafkaTransport({ brokers: [silent.address] }) });
  const check = admin.checkBrokers();
  await reached;
  await admin.close();
  expect(await check).toMatchObject({ ok: false });
  await silent.close();
});

test('a created topic is awaited until its leaders serve', async () => {
  const memory = createMemoryTransport();
  const clock = createManualClock();
  let refusals = 3;
  const slow: KafkaTransport = {
    ...memory,
    createAdmin() {
      const admin = memory.createAdmin();
      const topicOffsets = admin.topicOffsets.bind(admin);
      admin.topicOffsets = async (topic) => {
        refusals -= 1;
        if (refusals >= 0) throw new KafkaClientError('not yet', { code: 'not_leader', retryable: true });
        return topicOffsets(topic);
      };
      return admin;
    },
  };
  await using admin = createKafkaAdmin({ transport: slow, clock });
  let done = false;
  const created = admin.ensureTopics([{ topic: 'slow', partitions: 1 }]).finally(() => {
    done = true;
  });
  await clock.advance(200);
  expect(done).toBe(false);
  await clock.advance(100);
  expect(await created).toEqual(['slow']);
});

async function openPort(
  onSocket: (socket: net.Socket) => void,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const server = net.createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return { address: `127.0.0.1:${port}`, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

test('counts the lag of a group from what it committed or where it began, and of one that never came', async () => {
  const transport = createMemoryTransport({ partitions: 2 });
  const producer = transport.createProducer({ acks: -1, compression: 'none', requestTimeoutMs: 1 });
  await producer.connect();
  const records = ['a', 'b', 'c'].map((value) => ({ key: null, value, timestamp: 0 }));
  await producer.produce({ topic: 't', partition: 0, records });
  await producer.produce({ topic: 't', partition: 1, records });
  const consumer = transport.createConsumer({ groupId: 'g', topics: ['t'] } as never);
  await consumer.start({ assigned() {}, records() {}, revoking: async () => {}, lost() {}, failed() {} });
  await consumer.commit([{ topic: 't', partition: 0, offset: '2' }]);
  await using admin = createKafkaAdmin({ transport });
  expect(await admin.describeLag('g', ['t'])).toEqual([
    { topic: 't', partition: 0, committed: '2', end: '3', lag: 1 },
    { topic: 't', partition: 1, committed: '3', end: '3', lag: 0 },
  ]);
  expect((await admin.describeLag('nobody', ['t'])).map(({ committed, lag }) => [committed, lag])).toEqual([
    [null, 3],
    [null, 3],
  ]);
});

test.each([
  ['getaddrinfo ENOTFOUND kafka.example', 'The host name is not known'],
  ['Client network socket disconnected: wrong version number', 'does not speak TLS'],
  ['self-signed certificate in certificate chain', 'certificate is not trusted'],
  ['SASL PLAIN authentication failed', 'refused the credentials'],
  ['Connection timeout', 'does not answer'],
])('explains "%s"', (message, explanation) => {
  const error = new KafkaClientError('Connecting failed.', { code: 'connection_failed', cause: new Error(message) });
  expect(explainConnectionFailure(error)).toContain(explanation);
});
