import { CompressionTypes, ConfigResourceTypes, type Consumer } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEmbeddedKafka, type EmbeddedKafka } from '../embedded-kafka.js';
import { Inbox, joined, kafkaJs } from './kafkajs-client.js';

describe.each([1, 3])('kafkajs against %i node(s)', (nodes) => {
  let kafka: EmbeddedKafka;
  const toClose: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    kafka = await createEmbeddedKafka({ nodes, topics: [{ name: 'ticks', partitions: 4 }] });
  });

  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((close) => close()));
    await kafka.close();
  });

  const producerOf = async (options = {}) => {
    const producer = kafkaJs(kafka.bootstrap).producer({ allowAutoTopicCreation: true, ...options });
    await producer.connect();
    toClose.push(() => producer.disconnect());
    return producer;
  };

  const consumerOf = async (groupId: string, topic: string, inbox: Inbox): Promise<Consumer> => {
    const consumer = kafkaJs(kafka.bootstrap).consumer({
      groupId,
      sessionTimeout: 10_000,
      heartbeatInterval: 200,
      maxWaitTimeInMs: 200,
    });
    toClose.push(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: inbox.eachMessage });
    return consumer;
  };

  const adminOf = async () => {
    const admin = kafkaJs(kafka.bootstrap).admin();
    await admin.connect();
    toClose.push(() => admin.disconnect());
    return admin;
  };

  it('carries keyed messages to a consumer group in order within each partition', async () => {
    const producer = await producerOf();
    const inbox = new Inbox();
    await consumerOf('readers', 'ticks', inbox);
    for (let round = 0; round < 20; round++) {
      await producer.send({
        topic: 'ticks',
        messages: Array.from({ length: 10 }, (_, key) => ({ key: `KRW-${key}`, value: `${round}` })),
      });
    }
    await inbox.until(200);
    for (let key = 0; key < 10; key++) {
      const rounds = inbox.messages.filter((message) => message.key === `KRW-${key}`).map(({ value }) => Number(value));
      expect(rounds).toEqual(Array.from({ length: 20 }, (_, round) => round));
    }
    expect(inbox.messages).toHaveLength(200);
  });

  it.each([
    ['no', CompressionTypes.None, -1],
    ['gzip', CompressionTypes.GZIP, -1],
    ['gzip', CompressionTypes.GZIP, 1],
  ])('passes %s compression through (codec %i, acks %i)', async (_, compression, acks) => {
    const producer = await producerOf();
    const results = await producer.send({
      topic: 'packed',
      compression,
      acks,
      messages: [{ value: 'a' }, { value: 'b' }],
    });
    expect(results).toMatchObject([{ topicName: 'packed', partition: 0, errorCode: 0, baseOffset: '0' }]);
    const inbox = new Inbox();
    await consumerOf('packed-readers', 'packed', inbox);
    await inbox.until(2);
    expect(inbox.values).toEqual(['a', 'b']);
  });

  it('stores what is sent without acknowledgement, in the order of the connection', async () => {
    const producer = await producerOf();
    await producer.send({ topic: 'quiet', acks: 0, messages: [{ value: 'first' }] });
    await producer.send({ topic: 'quiet', acks: -1, messages: [{ value: 'second' }] });
    const inbox = new Inbox();
    await consumerOf('quiet-readers', 'quiet', inbox);
    await inbox.until(2);
    expect(inbox.values).toEqual(['first', 'second']);
  });

  it('serves idempotent producers', async () => {
    const producer = await producerOf({ idempotent: true });
    await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        producer.send({ topic: 'ticks', messages: [{ key: `${index % 5}`, value: `${index}` }] }),
      ),
    );
    const inbox = new Inbox();
    await consumerOf('idempotent-readers', 'ticks', inbox);
    await inbox.until(30);
    expect(inbox.values.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index));
  });

  it('continues after the committed offset', async () => {
    const producer = await producerOf();
    const first = new Inbox();
    const consumer = await consumerOf('resumed', 'resumable', first);
    await producer.send({ topic: 'resumable', messages: [{ value: '1' }, { value: '2' }] });
    await first.until(2);
    await consumer.disconnect();
    await producer.send({ topic: 'resumable', messages: [{ value: '3' }] });
    const second = new Inbox();
    await consumerOf('resumed', 'resumable', second);
    await second.until(1);
    expect(second.values).toEqual(['3']);
  });

  it('shares partitions among three members and hands them on when one leaves', async () => {
    const admin = await adminOf();
    const inbox = new Inbox();
    const consumers: Consumer[] = [];
    for (let member = 0; member < 3; member++) consumers.push(await consumerOf('team', 'ticks', inbox));
    const membersOf = async () => (await admin.describeGroups(['team'])).groups[0]!;
    await expect.poll(async () => (await membersOf()).members.length, { timeout: 10_000 }).toBe(3);
    await expect.poll(async () => (await membersOf()).state, { timeout: 10_000 }).toBe('Stable');
    const rejoined = Promise.all(consumers.slice(1).map(joined));
    await consumers[0]!.disconnect();
    const assignments = await rejoined;
    expect(assignments.flatMap(({ ticks }) => ticks ?? []).toSorted()).toEqual([0, 1, 2, 3]);
    const producer = await producerOf();
    await producer.sendBatch({
      topicMessages: [
        {
          topic: 'ticks',
          messages: Array.from({ length: 40 }, (_, index) => ({ value: `${index}`, partition: index % 4 })),
        },
      ],
    });
    await inbox.until(40);
    expect(new Set(inbox.values).size).toBe(40);
  });

  it('answers administrators', async () => {
    const admin = await adminOf();
    expect(await admin.listTopics()).toEqual(['ticks']);
    expect(
      await admin.createTopics({
        topics: [{ topic: 'made', numPartitions: 2, configEntries: [{ name: 'retention.bytes', value: '1000000' }] }],
      }),
    ).toBe(true);
    expect(await admin.createTopics({ topics: [{ topic: 'made' }] })).toBe(false);
    const { topics } = await admin.fetchTopicMetadata({ topics: ['made'] });
    expect(topics[0]!.partitions.map(({ partitionId }) => partitionId).toSorted()).toEqual([0, 1]);
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        { type: ConfigResourceTypes.TOPIC, name: 'made', configNames: ['retention.bytes', 'cleanup.policy'] },
      ],
    });
    expect(resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue])).toEqual([
      ['cleanup.policy', 'delete'],
      ['retention.bytes', '1000000'],
    ]);
    const cluster = await admin.describeCluster();
    expect(cluster.brokers.map(({ host, port }) => `${host}:${port}`)).toEqual(kafka.bootstrap);
    await admin.deleteTopics({ topics: ['made'] });
    expect(await admin.listTopics()).toEqual(['ticks']);
  });

  it('lists, describes, resets and deletes groups', async () => {
    const admin = await adminOf();
    const producer = await producerOf();
    await producer.send({ topic: 'once', messages: [{ value: '1' }, { value: '2' }] });
    const inbox = new Inbox();
    const consumer = await consumerOf('listed', 'once', inbox);
    await inbox.until(2);
    expect((await admin.listGroups()).groups).toEqual([{ groupId: 'listed', protocolType: 'consumer' }]);
    await expect(admin.deleteGroups(['listed'])).rejects.toThrow();
    await consumer.disconnect();
    expect(await admin.fetchOffsets({ groupId: 'listed', topics: ['once'] })).toMatchObject([
      { topic: 'once', partitions: [{ partition: 0, offset: '2' }] },
    ]);
    await admin.setOffsets({ groupId: 'listed', topic: 'once', partitions: [{ partition: 0, offset: '1' }] });
    expect(await admin.fetchTopicOffsets('once')).toMatchObject([{ partition: 0, offset: '2', high: '2', low: '0' }]);
    await admin.deleteGroups(['listed']);
    expect((await admin.listGroups()).groups).toEqual([]);
  });

  it('finds offsets by time', async () => {
    const producer = await producerOf();
    const admin = await adminOf();
    await producer.send({
      topic: 'timed',
      messages: [
        { value: 'a', timestamp: '1000' },
        { value: 'b', timestamp: '2000' },
      ],
    });
    await producer.send({
      topic: 'timed',
      compression: CompressionTypes.GZIP,
      messages: [
        { value: 'c', timestamp: '3000' },
        { value: 'd', timestamp: '4000' },
      ],
    });
    const offsetAt = async (time: number) => (await admin.fetchTopicOffsetsByTimestamp('timed', time))[0]!.offset;
    expect([await offsetAt(500), await offsetAt(1500), await offsetAt(3500)]).toEqual(['0', '1', '3']);
  });
});
