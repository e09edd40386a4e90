import { randomUUID } from 'node:crypto';
import { systemClock } from '@naru/core';
import { createEmbeddedKafka, type EmbeddedKafka } from '@naru/embedded-kafka';
import {
  createDeadLetterTopic,
  createKafkaAdmin,
  createKafkaProducer,
  createKafkaTransport,
  type KafkaProducer,
  type KafkaTransport,
} from '@naru/kafka-clients';
import { createMemoryTransport } from '@naru/kafka-clients/testing';
import { describeReal, realServices } from '@naru/test-services';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTopics } from '../e2e/kafka-reader.js';
import { createDeadLetters, type DeadLetters } from './dead-letters.js';

describe('dead letters in memory', () => suite(() => createMemoryTransport()));

describe('dead letters on the embedded broker', () => {
  let kafka: EmbeddedKafka;
  beforeAll(async () => {
    kafka = await createEmbeddedKafka();
  });
  afterAll(() => kafka.close());
  suite(() => createKafkaTransport({ brokers: kafka.bootstrap }));

  test('a replay has the bytes, the key and the own headers of what failed, and one more replay', async () => {
    const transport = createKafkaTransport({ brokers: kafka.bootstrap });
    const at = await setUp(transport);
    const value = Buffer.from([0, 255, 1, 13, 10]);
    await at.fail(value, {
      key: Buffer.from([254]),
      headers: { 'correlation-id': 'c-1', traceparent: 'x' },
      added: { 'validation-failures': '[]', 'gateway-version': '1.2.3' },
    });
    await at.letters.replay({});
    await at.letters.replay({ again: true });
    const [first, second] = await readTopics(kafka.bootstrap, [at.command], () => (_, count) => count >= 2);
    expect(first?.value.equals(value)).toBe(true);
    expect(first?.headers).toEqual({ 'correlation-id': 'c-1', traceparent: 'x', 'naru-replay-count': '1' });
    expect(second?.headers).toEqual(first?.headers);
    await at.close();
  });
});

describeReal('dead letters on real Kafka', ['kafka'], () =>
  suite(() => createKafkaTransport({ brokers: (realServices.kafka ?? '').split(',') })),
);

interface SetUp {
  readonly command: string;
  readonly letters: DeadLetters;
  readonly transport: KafkaTransport;
  fail(
    value: Buffer | string | null,
    more?: {
      key?: Buffer;
      headers?: Record<string, string>;
      topic?: string;
      /** Of the dead letter, beside the message's own. */
      added?: Record<string, string>;
    },
  ): Promise<void>;
  sentBack(): Promise<number>;
  close(): Promise<void>;
}

async function setUp(transport: KafkaTransport): Promise<SetUp> {
  const run = randomUUID().slice(0, 8);
  const command = `command-${run}`;
  const topic = `dlq-${run}`;
  const admin = createKafkaAdmin({ transport });
  await admin.ensureTopics([
    { topic: command, partitions: 1, replication: 1 },
    { topic, partitions: 2, replication: 1 },
  ]);
  const producer: KafkaProducer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  const deadLetter = createDeadLetterTopic({ producer, topic });
  let failed = 0;
  return {
    command,
    transport,
    letters: createDeadLetters({ transport, clock: systemClock, topic, mayReplayTo: [command], groupId: `g-${run}` }),
    async fail(value, { key = null, headers = {}, topic: from = command, added } = {} as never) {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      const own = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)]));
      await deadLetter.publish(
        { topic: from, partition: 0, offset: String(failed), key, value: bytes, headers: own, timestamp: 0 },
        { error: new TypeError(`reason ${failed}`), attempts: 1 },
        added,
      );
      failed += 1;
    },
    async sentBack() {
      const client = transport.createAdmin();
      await client.connect();
      const [offsets] = await client.topicOffsets(command);
      await client.close();
      return Number(offsets?.high);
    },
    async close() {
      await producer.close();
      await admin.close();
    },
  };
}

function suite(createTransport: () => KafkaTransport): void {
  let at: SetUp;
  beforeEach(async () => {
    at = await setUp(createTransport());
  });
  afterEach(() => at.close());

  test('shows the newest first, with reason, origin and every byte', async () => {
    for (const text of ['a', 'b', 'c']) await at.fail(text);
    await at.fail(Buffer.from([255, 0]), { key: Buffer.from('k') });
    const all = await at.letters.newest(10);
    expect(all).toHaveLength(4);
    const times = all.map(({ written_at }) => written_at);
    expect(times).toEqual([...times].sort().reverse());
    expect(await at.letters.newest(2)).toEqual(all.slice(0, 2));
    const binary = all.find(({ key }) => key === 'k');
    expect(binary).toMatchObject({
      reason: 'reason 3',
      error_class: 'TypeError',
      origin: { topic: at.command, partition: '0', offset: '3' },
      text: null,
      value_base64: '/wA=',
      replays: 0,
    });
    const found = await at.letters.find(binary?.partition ?? -1, binary?.offset ?? '');
    expect(found).toEqual(binary);
    expect(await at.letters.find(0, '999')).toBeUndefined();
  });

  test('an empty topic has none', async () => {
    expect(await at.letters.newest(5)).toEqual([]);
    expect(await at.letters.replay({})).toMatchObject({ sent: 0, more: false, messages: [] });
  });

  test('sends back what failed once, however often it is asked', async () => {
    for (const text of ['a', 'b', 'c']) await at.fail(text);
    expect(await at.letters.replay({ dryRun: true })).toMatchObject({ dry_run: true, sent: 0, skipped: 0 });
    expect(await at.sentBack()).toBe(0);
    expect(await at.letters.replay({ limit: 2 })).toMatchObject({ sent: 2, more: true });
    expect(await at.letters.replay({})).toMatchObject({ sent: 1, more: false });
    expect(await at.letters.replay({})).toMatchObject({ sent: 0, more: false });
    expect(await at.sentBack()).toBe(3);
    expect(await at.letters.replay({ again: true })).toMatchObject({ sent: 3 });
    expect(await at.sentBack()).toBe(6);
  });

  test('sends back a range of one partition, once for each range', async () => {
    const key = Buffer.from('same');
    for (const text of ['a', 'b', 'c', 'd']) await at.fail(text, { key });
    const partition = (await at.letters.newest(1))[0]?.partition ?? -1;
    const range = { partition, from: '1', to: '3' };
    const report = await at.letters.replay(range);
    expect(report.messages.map(({ offset }) => offset)).toEqual(['1', '2']);
    expect(await at.letters.replay(range)).toMatchObject({ sent: 0 });
    expect(await at.sentBack()).toBe(2);
    await expect(at.letters.replay({ partition: 99 })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('what was cut is not sent back as if it were whole', async () => {
    await at.fail('x'.repeat(1_500_000));
    await at.fail('good');
    const { messages, ...report } = await at.letters.replay({});
    expect(report).toMatchObject({ sent: 1, skipped: 1 });
    const skipped = messages.find((message) => message.skipped)?.skipped;
    expect(skipped).toContain('262144 of 1500000 bytes');
    expect(skipped).toContain(`${at.command}/0 at 0`);
    expect(await at.sentBack()).toBe(1);
  });

  test('a header that names another topic is a claim and is not followed', async () => {
    await at.fail('evil', { topic: 'payments' });
    await at.fail('good');
    const { messages, ...report } = await at.letters.replay({});
    expect(report).toMatchObject({ sent: 1, skipped: 1 });
    expect(messages.find(({ skipped }) => skipped)?.skipped).toContain('"payments"');
    expect(await at.sentBack()).toBe(1);
  });
}
