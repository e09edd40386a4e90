import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic, readAll } from '../proofs/read-all.js';
import type { Compression } from '../transport/transport-producer.js';
import { createKafkaTransport } from './create-kafka-transport.js';

const hasZstd = 'zstdCompress' in (await import('node:zlib'));

describe('compression', () => {
  let broker: BrokerForTests;
  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
  });
  afterAll(() => broker.close());

  const values = Array.from({ length: 200 }, (_, index) => `{"code":"KRW-BTC","price":${index}}`);
  const usable: readonly Compression[] = ['none', 'gzip', 'lz4', 'snappy', ...(hasZstd ? (['zstd'] as const) : [])];

  test.each(usable)('%s is read back by this package and by stock kafkajs', async (compression) => {
    const transport = createKafkaTransport({ brokers: broker.bootstrap });
    const topic = await createTopic(transport, 1, 1);
    const producer = createKafkaProducer({ transport, lingerMs: 5, compression });
    await producer.connect();
    await Promise.all(values.map((value) => producer.sendAndWait({ topic, value })));
    await producer.close();
    const ours: string[] = [];
    await readAll(transport, topic, ({ value }) => ours.push(String(value)));
    expect(ours).toEqual(values);
    expect(await readWithStock(broker.bootstrap, topic, values.length)).toEqual(values);
  });

  test('zstd is there with Node 22.15 and says what it needs before', async () => {
    const transport = createKafkaTransport({ brokers: broker.bootstrap });
    const producer = createKafkaProducer({ transport, compression: 'zstd' });
    const connected = producer.connect().catch((error) => error);
    if (hasZstd) expect(await connected).toBeUndefined();
    else {
      expect(await connected).toMatchObject({
        code: 'codec_missing',
        message: 'Compression zstd needs Node 22.15 or newer: update it, or choose gzip.',
      });
    }
    await producer.close();
  });
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
