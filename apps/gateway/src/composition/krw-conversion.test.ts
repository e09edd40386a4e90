import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { createKafkaConsumer, createKafkaProducer, type KafkaTransport } from '@naru/kafka-clients';
import { createMemoryTransport } from '@naru/kafka-clients/testing';
import { createMemoryMessageBus } from '@naru/redis-cache';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { expect, test } from 'vitest';
import { createDecoder, recordsOf } from '../command/printing/decode-records.js';
import type { ConfigOverrides } from '../config/complete-config.js';
import { createPrometheusMetrics } from '../operations/prometheus-metrics.js';
import type { Dial } from '../streams/dial.js';
import { createClosingStack } from './closing-stack.js';
import { createGateway } from './create-gateway.js';
import { prepareKrwConversion } from './krw-conversion.js';

const frames = {
  ticker:
    '{"type":"ticker","code":"KRW-USDT","opening_price":1390,"high_price":1410,"low_price":1380,"trade_price":1400.5,"prev_closing_price":1390,"acc_trade_volume":10,"acc_trade_price":14000,"timestamp":1700000000100,"stream_type":"REALTIME"}',
  trade:
    '{"type":"trade","code":"USDT-BTC","timestamp":1700000000100,"trade_timestamp":1700000000000,"trade_price":0.1,"trade_volume":2,"ask_bid":"BID","sequential_id":17000000000000001,"stream_type":"REALTIME"}',
} as const;
type Kind = keyof typeof frames;

/** An exchange that answers every subscription with the one frame of its kind. */
const dial: Dial = async (_, handlers) => ({
  start: () => {},
  send: (text) => handlers.onMessage(Buffer.from(String(text).includes('KRW-USDT') ? frames.ticker : frames.trade)),
  ping: () => {},
  bufferedBytes: 0,
  close: () => handlers.onClose(1000, ''),
  terminate: () => handlers.onClose(1006, ''),
});

/** Opens streams one after the other, each when the one before has sent its record, and reads the last one's. */
async function lastRecordOf(config: ConfigOverrides, kinds: readonly Kind[]): Promise<Record<string, unknown>> {
  const transport = createMemoryTransport();
  await using gateway = await createGateway({
    config: { operations: { port: 0 }, publishing: { maxBatchWaitMs: 0 }, ...config },
    overrides: { transport, dial, logger: silentLogger },
  });
  await using registry = createSchemaRegistryClient({ urls: [gateway.registry] });
  const decode = createDecoder(registry);
  let record: unknown;
  for (const kind of kinds) {
    await send(transport, kind);
    [record] = recordsOf(await decode(await firstValue(transport, `realtime.${kind}.korea`), kind));
  }
  return record as Record<string, unknown>;
}

async function send(transport: KafkaTransport, kind: Kind): Promise<void> {
  await using producer = createKafkaProducer({ transport, lingerMs: 0 });
  await producer.connect();
  await producer.sendAndWait({
    topic: 'ws.command',
    value: JSON.stringify({
      type: 'status',
      action: 'connect_and_subscribe',
      target: { exchange: 'upbit', region: 'korea', request_type: kind },
      symbols: [kind === 'ticker' ? 'KRW-USDT' : 'USDT-BTC'],
      connection: { url: 'wss://api.upbit.com/websocket/v1', socket_params: {} },
    }),
  });
}

async function firstValue(transport: KafkaTransport, topic: string): Promise<Buffer> {
  await using reader = createKafkaConsumer({ transport, groupId: topic, topics: [topic], fromBeginning: true });
  await reader.start();
  for await (const { value } of reader.messages()) return value ?? Buffer.alloc(0);
  throw new Error('the reader ended');
}

test('off by default: no field of a record says anything of won', async () => {
  const record = await lastRecordOf({}, ['ticker', 'trade']);
  expect(record).toMatchObject({ code: 'USDT-BTC', trade_price: 0.1 });
  expect(Object.entries(record).filter(([name, value]) => /krw|fx_/.test(name) && value !== null)).toEqual([]);
});

test('at a fixed rate, records say it and since when it is known', async () => {
  const before = Date.now() / 1_000;
  const record = await lastRecordOf({ krw: { conversion: 'fixed', rate: 1_400.3 } }, ['trade']);
  expect(record).toMatchObject({
    trade_price: 0.1,
    trade_price_krw: 140.03,
    trade_amount_krw: 280.06,
    fx_rate_usd_krw: 1_400.3,
    fx_rate_source: 'fixed',
  });
  expect(record.fx_rate_ts).toBeGreaterThanOrEqual(before);
});

test('at the rate of a ticker, records say whose and of when', async () => {
  expect(await lastRecordOf({ krw: { conversion: 'ticker' } }, ['ticker', 'trade'])).toMatchObject({
    trade_price_krw: 140.05,
    trade_amount_krw: 280.1,
    fx_rate_usd_krw: 1_400.5,
    fx_rate_source: 'upbit:KRW-USDT',
    fx_rate_ts: 1_700_000_000.1,
  });
});

test('a fixed conversion without its rate is refused, also where no configuration was read', async () => {
  await expect(createGateway({ config: { operations: { port: 0 }, krw: { conversion: 'fixed' } } })).rejects.toThrow(
    expect.objectContaining({ code: 'invalid_configuration' }),
  );
});

test('the rate is a metric while something converts, and 0 while none is known', async () => {
  const clock = createManualClock(0);
  const parts = { clock, logger: silentLogger, rates: undefined, bus: createMemoryMessageBus() };
  const closing = createClosingStack(silentLogger);
  const off = createPrometheusMetrics();
  const krw = { conversion: 'off', rate: undefined, exchange: 'upbit', market: 'KRW-USDT', staleMs: 1 } as const;
  expect(await prepareKrwConversion({ ...parts, config: { krw }, metrics: off }, closing)).toBeUndefined();
  expect(await off.registry.metrics()).not.toContain('fx_rate');
  const on = createPrometheusMetrics();
  await prepareKrwConversion({ ...parts, config: { krw: { ...krw, conversion: 'ticker' } }, metrics: on }, closing);
  expect(await on.registry.metrics()).toContain('gateway_fx_rate_usd_krw 0\n');
  await closing.close();
  expect(clock.pending).toBe(0);
});
