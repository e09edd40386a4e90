import { readFileSync } from 'node:fs';
import {
  countingBatchSchema,
  createChecker,
  processingMetricsSchema,
  qualityMetricsSchema,
  receptionMetricsSchema,
  silentLogger,
} from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { createAvroCodec } from '@naru/serializers';
import { expect, test } from 'vitest';
import { noAccounts } from '../publishing/accounts.js';
import type { MinuteSource } from './minute-figures.js';
import { startMinuteMetrics } from './minute-metrics.js';

const codec = (file: string) =>
  createAvroCodec<Record<string, unknown>>({
    schema: readFileSync(new URL(`../../../../schemas/${file}`, import.meta.url), 'utf8'),
    id: 1,
  });
const codecs = {
  counting: codec('metrics_event.avsc'),
  reception: codec('reception_metrics.avsc'),
  processing: codec('processing_metrics.avsc'),
  quality: codec('quality_metrics.avsc'),
};
const start = Date.parse('2026-01-02T03:04:30Z');
const minute = Date.parse('2026-01-02T03:04:00Z') / 1_000;

function setUp(minutes: MinuteSource[][]) {
  const clock = createManualClock(start);
  const sent: { key: unknown; value: Buffer }[] = [];
  const metrics = startMinuteMetrics({
    producer: {
      send: ({ key, value }) => {
        sent.push({ key, value: value as Buffer });
        return undefined;
      },
    },
    topic: 'ws.metrics',
    encode: {
      counting: (event) => codecs.counting.encode(event as Record<string, unknown>),
      reception: (event) => codecs.reception.encode(event as Record<string, unknown>),
      processing: (event) => codecs.processing.encode(event as Record<string, unknown>),
      quality: (event) => codecs.quality.encode(event as Record<string, unknown>),
    },
    takeMinute: () => minutes.shift() ?? [],
    clock,
    logger: silentLogger,
  });
  return { clock, sent, metrics };
}

const source = (received: number): MinuteSource => ({
  target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
  accounts: { ...noAccounts, received, acknowledged: received },
  bytes: received * 100,
  parseFailures: 0,
  upstreamGaps: 0,
  batches: { batches: 1, records: 5, lastRecords: 5 },
  wantedSymbols: 1,
  countBySymbol: { 'KRW-BTC': 5 },
  latency: { mean: 1, p50: 1, p95: 2, p99: 3 },
});

test('four events a minute for each target, each as its schema and its DTO say', async () => {
  const { clock, sent } = setUp([[source(5)], [source(12)]]);
  await clock.advance(90_000);
  expect(sent).toHaveLength(8);
  expect(new Set(sent.map(({ key }) => key))).toEqual(new Set(['upbit|korea|trade']));

  const [counting, reception, processing, quality] = sent.map(({ value }) => value) as [Buffer, Buffer, Buffer, Buffer];
  const batch = codecs.counting.decode(counting).batch;
  expect(createChecker(countingBatchSchema).parse(JSON.parse(JSON.stringify(batch)))).toMatchObject({
    ok: true,
    value: {
      range_start_ts_kst: minute,
      range_end_ts_kst: minute + 60,
      items: [{ minute_start_ts_kst: minute, total: 5, details: { 'KRW-BTC': 5 } }],
    },
  });
  const layer = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  expect(createChecker(receptionMetricsSchema).parse(layer(codecs.reception.decode(reception)))).toMatchObject({
    ok: true,
    value: { total_received: 5, bytes_received: 500 },
  });
  expect(createChecker(processingMetricsSchema).parse(layer(codecs.processing.decode(processing)))).toMatchObject({
    ok: true,
    value: { total_processed: 5, total_failed: 0 },
  });
  expect(createChecker(qualityMetricsSchema).parse(layer(codecs.quality.decode(quality)))).toMatchObject({
    ok: true,
    value: { data_completeness: 1, symbol_coverage: 1, p99_latency_ms: 3, health_score: 100 },
  });
  expect(codecs.reception.decode(sent[5]!.value)).toMatchObject({ total_received: 7, bytes_received: 700 });
});

test('stopping publishes the running minute and no more', async () => {
  const { clock, sent, metrics } = setUp([[source(5)], [source(9)]]);
  await clock.advance(10_000);
  metrics.stop();
  expect(sent).toHaveLength(4);
  await clock.advance(120_000);
  expect(sent).toHaveLength(4);
});

test('a target without streams and without records is left out', async () => {
  const idle = { ...source(0), wantedSymbols: 0, countBySymbol: {} };
  const { clock, sent } = setUp([[idle]]);
  await clock.advance(30_000);
  expect(sent).toEqual([]);
});
