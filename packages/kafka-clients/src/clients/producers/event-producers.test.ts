import { createManualClock } from '@naru/core/testing';
import { createAvroSerializer } from '@naru/serializers';
import { expect, test } from 'vitest';
import { createKafkaProducer } from '../../producer/create-kafka-producer.js';
import type { ProducerEvent } from '../../producer/producer-events.js';
import { createMemoryTransport, type MemoryTransport } from '../../testing/memory/create-memory-transport.js';
import { AvroProducer } from '../wrappers/avro-producer.js';
import { BackpressureEventProducer } from './backpressure-event-producer.js';
import { BatchMonitoringProducer } from './batch-monitoring-producer.js';
import { ConnectRequestProducer } from './connect-request-producer.js';
import { ConnectSuccessEventProducer } from './connect-success-event-producer.js';
import { DlqProducer } from './dlq-producer.js';
import { ErrorEventProducer } from './error-event-producer.js';
import { RealtimeDataProducer } from './realtime-data-producer.js';

const target = { exchange: 'binance', region: 'asia', request_type: 'trade' } as const;

async function producerOn(transport: MemoryTransport) {
  const producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  return producer;
}

const written = (transport: MemoryTransport, topic: string) =>
  transport
    .records(topic)
    .flat()
    .map(({ key, value, headers }) => ({ key: key && String(key), value: String(value), headers }));

const avro = () => createAvroSerializer({ schema: '"string"', id: 7 });

test('acknowledges every symbol under its own key', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const encoded: unknown[] = [];
  const producer = new ConnectSuccessEventProducer({
    producer: await producerOn(transport),
    avro: () => ({
      prepare: () => undefined,
      encode: (value) => {
        encoded.push(value);
        return Buffer.from('avro');
      },
    }),
  });
  expect(await producer.sendConnectSuccess({ target, symbols: ['USDT-BTC', 'USDT-ETH'], correlationId: 'c' })).toBe(
    true,
  );
  expect(written(transport, 'ws.connect_success').map(({ key }) => key)).toEqual([
    'binance|asia|trade|USDT-BTC',
    'binance|asia|trade|USDT-ETH',
  ]);
  expect(encoded[1]).toMatchObject({
    action: 'connect_success',
    ack: 'clear',
    symbol: 'USDT-ETH',
    meta: { correlation_id: 'c' },
  });
});

test('writes market data by region, keyed by market', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = new RealtimeDataProducer({ producer: await producerOn(transport), policy: [], useAvro: false });
  expect(await producer.sendBatch(target, 'USDT-BTC', [{ code: 'USDT-BTC' } as never])).toBe(true);
  const [message] = written(transport, 'realtime.trade.asia');
  expect(message).toMatchObject({ key: 'USDT-BTC' });
  expect(JSON.parse(message!.value)).toMatchObject({
    exchange: 'binance',
    batch_size: 1,
    data: [{ code: 'USDT-BTC' }],
  });
});

test('writes commands and errors as JSON whatever the caller asks', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = await producerOn(transport);
  const requests = new ConnectRequestProducer({ producer, useAvro: true, avro });
  await requests.sendDisconnectRequest({ type: 'status', action: 'disconnect', target });
  expect(JSON.parse(written(transport, 'ws.disconnection')[0]!.value)).toMatchObject({ action: 'disconnect' });
  const errors = new ErrorEventProducer({ producer, useAvro: true, avro });
  await errors.sendErrorEvent({ error: 'thrown text', kind: 'orchestrator' });
  const [event] = written(transport, 'ws.error');
  expect(event!.key).toBeNull();
  expect(JSON.parse(event!.value)).toMatchObject({ error: { error_message: { message: 'thrown text' } } });
});

test('where the policy leaves the choice, useAvro decides and a single call may differ', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = new AvroProducer({ producer: await producerOn(transport), useAvro: true, avro });
  await producer.produceSending('orders', 'x');
  await producer.produceSending('orders', 'x', null, { format: 'json' });
  const [first, second] = transport.records('orders')[0]!;
  expect(first!.value?.[0]).toBe(0);
  expect(String(second!.value)).toBe('"x"');
});

test('tells the queue of a producer in the words of the backpressure events', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const backpressure = new BackpressureEventProducer({ producer: await producerOn(transport) });
  const events: ProducerEvent[] = [];
  const watched = createKafkaProducer({
    transport,
    lingerMs: 0,
    maxQueuedMessages: 5,
    name: 'watched',
    onEvent: (event) => events.push(event),
  });
  await watched.connect();
  await Promise.all(Array.from({ length: 5 }, () => watched.sendAndWait({ topic: 't', value: 'x' })));
  for (const event of events) expect(await backpressure.sendBackpressureEvent(event)).toBe(true);
  const bodies = written(transport, 'ws.backpressure.events').map(({ key, value }) => ({ key, ...JSON.parse(value) }));
  expect(bodies).toMatchObject([
    {
      key: 'watched',
      action: 'backpressure_activated',
      producer_name: 'watched',
      status: { queue_size: 4, queue_max_size: 5, is_throttled: true },
    },
    { key: 'watched', action: 'backpressure_deactivated', status: { is_throttled: false } },
  ]);
});

test('sums up batches per target and period, and once more when it stops', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const clock = createManualClock(1_700_000_000_000);
  const producer = new BatchMonitoringProducer({
    producer: await producerOn(transport),
    clock,
    summaryPeriodMs: 60_000,
  });
  await producer.startProducer();
  const stats = { batch_size: 10, unique_symbols: 4, cache_efficiency: 0.5, collection_timestamp_ms: 1 };
  await producer.sendBatchCollected(target, stats);
  await clock.advance(30_000);
  await producer.sendBatchCollected(target, { ...stats, batch_size: 20 });
  await clock.advance(30_000);
  await producer.sendBatchCollected(target, stats);
  await producer.stopProducer();
  const bodies = written(transport, 'monitoring.batch.performance').map(({ value }) => JSON.parse(value));
  expect(bodies.map(({ event_type }) => event_type)).toEqual([
    'batch_collected',
    'batch_collected',
    'performance_summary',
    'batch_collected',
    'performance_summary',
  ]);
  expect(bodies[2].aggregated_stats).toEqual({
    total_batches: 2,
    total_messages: 30,
    avg_batch_size: 15,
    avg_symbols_per_batch: 4,
    avg_cache_efficiency: 0.5,
    messages_per_second: 0.5,
    batches_per_minute: 2,
    elapsed_seconds: 60,
  });
});

test('keeps a dead letter byte for byte and says when it could not be written', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const inner = await producerOn(transport);
  const letters = new DlqProducer({ producer: inner });
  const value = Buffer.from([0, 255, 1]);
  const message = { topic: 't', partition: 2, offset: '9', key: Buffer.from('k'), value, headers: {}, timestamp: 1 };
  await letters.publish(message, { error: new TypeError('no'), attempts: 3 });
  const [letter] = transport.records('ws.dlq')[0]!;
  expect(letter!.value).toEqual(value);
  expect(String(letter!.headers['__connect.errors.exception.class.name'])).toBe('TypeError');
  await letters.sendDlqEvent({ reason: 'bad', target, detail: { pointer: '/symbols' } });
  expect(JSON.parse(written(transport, 'ws.dlq')[1]!.value)).toMatchObject({ action: 'dlq', reason: 'bad' });
  await inner.close();
  await expect(letters.publish(message, { error: 'x', attempts: 1 })).rejects.toMatchObject({
    code: 'closed',
    retryable: true,
    cause: { code: 'closed' },
  });
});

test('cuts a dead letter that is too large, which would hold up its partition for ever', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const letters = new DlqProducer({ producer: await producerOn(transport) });
  const value = Buffer.alloc(1_500_000, 'x');
  const message = { topic: 't', partition: 0, offset: '9', key: null, value, headers: {}, timestamp: 1 };
  await letters.publish(message, { error: new Error('no'), attempts: 1 }, { more: 'header' });
  const [letter] = transport.records('ws.dlq')[0]!;
  expect(letter!.value).toHaveLength(256 * 1024);
  expect(String(letter!.headers['naru-dlq-original-bytes'])).toBe('1500000');
  expect(String(letter!.headers.more)).toBe('header');
});

test('refuses a period that is none', async () => {
  const transport = createMemoryTransport({ partitions: 1 });
  const producer = await producerOn(transport);
  for (const summaryPeriodMs of [Number.NaN, -1]) {
    expect(() => new BatchMonitoringProducer({ producer, summaryPeriodMs })).toThrow(
      `summaryPeriodMs is ${summaryPeriodMs}`,
    );
  }
});
