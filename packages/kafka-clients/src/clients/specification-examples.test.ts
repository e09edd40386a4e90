import { readFileSync } from 'node:fs';
import type { ConnectAndSubscribe } from '@naru/core';
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import { createAvroDeserializer, createAvroSerializer } from '@naru/serializers';
import { createInMemorySchemaSource } from '@naru/serializers/testing';
import { type BrokerForTests, brokerForTests } from '@naru/test-services';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import type { ReceivedMessage } from '../consumer/received-message.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import type { KafkaProducer } from '../producer/kafka-producer.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import { KafkaConsumerClient } from './consumers/kafka-consumer-client.js';
import { ErrorEventProducer } from './producers/error-event-producer.js';
import { MetricsProducer } from './producers/metrics-producer.js';
import { uniqueTopicNames } from './testing/unique-topic-names.js';
import { AsyncProducerWrapper } from './wrappers/async-producer-wrapper.js';
import { AvroConsumerWrapper } from './wrappers/avro-consumer-wrapper.js';

const schemaOf = (file: string): string =>
  readFileSync(new URL(`../../../../schemas/${file}`, import.meta.url), 'utf8');

describe('the usage examples of the specification', () => {
  let broker: BrokerForTests;
  let transport: KafkaTransport;
  let producer: KafkaProducer;
  const topics = uniqueTopicNames();

  beforeAll(async () => {
    broker = await brokerForTests(createEmbeddedKafka);
    transport = createKafkaTransport({ brokers: broker.bootstrap });
    await using admin = createKafkaAdmin({ transport });
    await admin.ensureTopics(Object.values(topics).map((topic) => ({ topic, partitions: 1, replication: 1 })));
    producer = createKafkaProducer({ transport, lingerMs: 0 });
    await producer.connect();
  }, 120_000);
  afterAll(async () => {
    await producer?.close();
    await broker?.close();
  });

  /** The first message of a topic. */
  async function firstOf(topic: string): Promise<ReceivedMessage> {
    await using consumer = createKafkaConsumer({
      transport,
      groupId: `reader-${topic}`,
      topics: [topic],
      fromBeginning: true,
      maxWaitMs: 50,
    });
    await consumer.start();
    for await (const message of consumer.messages()) return message;
    throw new Error('The consumer ended.');
  }

  test('test_producer_send: sendAndWait answers true', async () => {
    const wrapper = new AsyncProducerWrapper({ producer });
    await wrapper.start();
    expect(await wrapper.sendAndWait(topics.batchPerformance, { key: 'value' })).toBe(true);
    await wrapper.stop();
  });

  test('1. JSON producer: an error event', async () => {
    const errors = new ErrorEventProducer({ producer, topics });
    const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' } as const;
    const sent = await errors.sendErrorEvent({
      target,
      error: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
      kind: 'ws_connection',
      context: { url: 'wss://api.upbit.com/websocket/v1' },
    });
    expect(sent).toBe(true);
    const message = await firstOf(topics.error);
    expect(message.key?.toString()).toBe('upbit/korea/ticker');
    expect(JSON.parse(String(message.value))).toMatchObject({
      action: 'error',
      target,
      error: { error_domain: 'connection', error_code: 'connect_failed' },
      meta: { observed_key: 'upbit/korea/ticker', raw_context: { url: 'wss://api.upbit.com/websocket/v1' } },
    });
  });

  test('2. Avro producer: a counting batch', async () => {
    const schema = schemaOf('metrics_event.avsc');
    const metrics = new MetricsProducer({
      producer,
      topics,
      policy: [],
      useAvro: true,
      avro: () => createAvroSerializer({ schema, id: 1 }),
    });
    await metrics.startProducer();
    const batch = {
      range_start_ts_kst: 1_700_000_040,
      range_end_ts_kst: 1_700_000_100,
      bucket_size_sec: 60,
      items: [{ minute_start_ts_kst: 1_700_000_040, total: 3, details: { 'KRW-BTC': 2, 'KRW-ETH': 1 } }],
      version: 1,
    } as const;
    expect(
      await metrics.sendCountingBatch({
        region: 'korea',
        exchange: 'upbit',
        requestType: 'ticker',
        batch: { ...batch, items: [...batch.items] },
      }),
    ).toBe(true);
    await metrics.stopProducer();
    const received = await new Promise<{ readonly key: string | null; readonly value: unknown }>((resolve, reject) => {
      const consumer = new AvroConsumerWrapper({
        transport,
        groupId: `avro-${topics.metrics}`,
        topics: [topics.metrics],
        fromBeginning: true,
        maxWaitMs: 50,
        deserializer: createAvroDeserializer({ source: createInMemorySchemaSource({ 1: schema }) }),
        handler: (decoded) => {
          resolve(decoded);
          setImmediate(() => void consumer.stop());
        },
      });
      consumer.start().catch(reject);
    });
    expect(received.key).toBe('upbit|korea|ticker');
    expect(received.value).toMatchObject({
      action: 'counting_batch',
      batch: { items: [{ total: 3, details: { 'KRW-BTC': 2, 'KRW-ETH': 1 } }] },
    });
  });

  test('3. consumer: run() carries commands out and dead-letters what is none', async () => {
    const command = {
      type: 'status',
      action: 'connect_and_subscribe',
      target: { exchange: 'upbit', region: 'korea', request_type: 'ticker' },
      symbols: ['KRW-BTC'],
      connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: {} },
      correlation_id: 'c-1',
    };
    const bad = Buffer.from(JSON.stringify({ ...command, symbols: [], correlation_id: 'c-2' }));
    const notJson = Buffer.from([0x7b, 0xff, 0x00]);
    await producer.sendAndWait({ topic: topics.command, key: 'k', value: bad });
    await producer.sendAndWait({ topic: topics.command, value: notJson });
    await producer.sendAndWait({
      topic: topics.command,
      value: JSON.stringify({ type: 'status', action: 'something_else' }),
    });
    await producer.sendAndWait({
      topic: topics.command,
      value: JSON.stringify({ ...command, ttl_ms: 1, timestamp: 1_600_000_000 }),
    });
    await producer.sendAndWait({ topic: topics.command, value: JSON.stringify(command) });

    const expired: ConnectAndSubscribe[] = [];
    let consumer: KafkaConsumerClient | undefined;
    const carriedOut = await new Promise<{
      readonly command: ConnectAndSubscribe;
      readonly correlationId: string | undefined;
    }>((resolve, reject) => {
      consumer = new KafkaConsumerClient({
        transport,
        topic: [topics.command],
        groupId: `commands-${topics.command}`,
        fromBeginning: true,
        maxWaitMs: 50,
        deadLetter: { publish: (message, failure, headers) => deadLetters.publish(message, failure, headers) },
        onExpired: (late) => void expired.push(late),
        orchestrator: { connectFromContext: async (it, { correlationId }) => resolve({ command: it, correlationId }) },
      });
      consumer.run().catch(reject);
    });
    await consumer?.close();
    expect(carriedOut).toEqual({ command, correlationId: 'c-1' });
    expect(expired).toHaveLength(1);
    expect(letters.map(({ value }) => value)).toEqual([bad, notJson]);
    expect(letters[0]!.headers['correlation-id']).toBe('c-2');
    expect(JSON.parse(String(letters[0]!.headers['validation-failures']))[0].pointer).toBe('/symbols');
    await using admin = createKafkaAdmin({ transport });
    expect(await admin.describeLag(`commands-${topics.command}`, [topics.command])).toMatchObject([
      { committed: '5', lag: 0 },
    ]);
  });

  const letters: { readonly value: Buffer | null; readonly headers: Readonly<Record<string, unknown>> }[] = [];
  const deadLetters = {
    async publish(
      message: ReceivedMessage,
      _failure: unknown,
      headers: Readonly<Record<string, unknown>> = {},
    ): Promise<void> {
      letters.push({ value: message.value, headers });
    },
  };
});
