import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readToEnd } from '../consumer/read-to-end.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic } from '../proofs/create-topic.js';
import type { Compression } from '../transport/transport-producer.js';
import { bestPacking, loadCodec, type Packing } from './codecs.js';

const nodeHasZstd = 'zstdCompress' in (await import('node:zlib'));

describe('compression', () => {
  let broker: BrokerForTests;
  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
  });
  afterAll(() => broker.close());

  const values = Array.from({ length: 200 }, (_, index) => `{"code":"KRW-BTC","price":${index}}`);
  const usable: readonly Compression[] = ['none', 'gzip', 'lz4', 'snappy', 'zstd', 'best'];

  test.each(usable)('%s is read back by this package and by stock kafkajs', async (compression) => {
    const transport = createKafkaTransport({ brokers: broker.bootstrap });
    const topic = await createTopic(transport, 1, 1);
    const producer = createKafkaProducer({ transport, lingerMs: 5, compression });
    await producer.connect();
    await Promise.all(values.map((value) => producer.sendAndWait({ topic, value })));
    await producer.close();
    const ours: string[] = [];
    await readToEnd({ transport, topics: [topic], onMessage: ({ value }) => void ours.push(String(value)) });
    expect(ours).toEqual(values);
    expect(await readWithStock(broker.bootstrap, topic, values.length)).toEqual(values);
  });
});

test.each<[Packing, string]>([
  ['lz4', 'the package lz4-napi'],
  ['snappy', 'the package snappy'],
  // Node has its own from 22.15 on.
  ...(nodeHasZstd ? [] : [['zstd', 'Node 22.15 or newer, or the package @mongodb-js/zstd'] as [Packing, string]]),
])('%s says what it needs where that is missing', async (compression, what) => {
  const nothing = (name: string): Promise<never> => Promise.reject(new Error(`Cannot find package '${name}'`));
  await expect(loadCodec(compression, nothing)).rejects.toMatchObject({
    code: 'codec_missing',
    message: `Compression ${compression} needs ${what}: install it, or choose gzip.`,
  });
});

test('the best is what is there: lz4, else zstd, else gzip', async () => {
  expect(await bestPacking()).toBe('lz4');
  const without = (name: string) => (asked: string) =>
    asked === name ? Promise.reject(new Error(`Cannot find package '${asked}'`)) : import(asked);
  expect(await bestPacking(without('lz4-napi'))).toBe('zstd');
  const nothing = (name: string): Promise<never> => Promise.reject(new Error(`Cannot find package '${name}'`));
  expect(await bestPacking(nothing)).toBe(nodeHasZstd ? 'zstd' : 'gzip');
});

async function readWithStock(brokers: readonly string[], topic: string, count: number): Promise<string[]> {
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `stock-${topic}`, maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const read: string[] = [];
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        eachMessage: async ({ message }) => {
          read.push(String(message.value));
          if (read.length === count) resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
  return read;
}
