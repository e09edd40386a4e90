import { describe, expect, test } from 'vitest';
import { createChecker } from '../checking/checker.js';
import { backpressureEventSchema, createBackpressureEvent } from './backpressure-event.js';
import {
  batchCollectedSchema,
  createBatchCollected,
  createPerformanceSummary,
  performanceSummarySchema,
} from './batch-performance.js';
import { connectSuccessSchema, createConnectSuccess } from './connect-success.js';
import { type CountingBatch, createMetricsEvent, metricsEventSchema } from './counting-batch.js';
import { createDlqEvent, dlqEventSchema } from './dlq-event.js';
import { createErrorEvent, errorEventSchema } from './error-event.js';
import {
  createProcessingMetrics,
  createQualityMetrics,
  createReceptionMetrics,
  processingMetricsSchema,
  qualityMetricsSchema,
  receptionMetricsSchema,
} from './metrics-layers.js';
import { createProducerMetrics, producerMetricsSchema } from './producer-metrics.js';

const id = '0d8f2d3a-5b7e-4a3c-9a54-2f0e0f0c9d11';
const context = { clock: { now: () => 1_730_336_862_082.7 }, newId: () => id };
const stamped = { ticket_id: id, timestamp_utc: '2024-10-31T01:07:42.082Z' };
const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' } as const;
const minute = 1_730_336_820;
const status = {
  queue_size: 801,
  queue_max_size: 1_000,
  usage_percent: 80.1,
  is_throttled: true,
  high_watermark: 800,
  low_watermark: 200,
};
const batch: CountingBatch = {
  range_start_ts_kst: minute,
  range_end_ts_kst: minute + 60,
  bucket_size_sec: 60,
  items: [{ minute_start_ts_kst: minute, total: 3, details: { 'KRW-BTC': 2, 'KRW-1INCH': 1 } }],
  version: 1,
};
const layer = { target, minute_start_ts_kst: minute };

describe.each([
  ['connect success', connectSuccessSchema, createConnectSuccess({ target, symbol: 'KRW-BTC' }, context), stamped],
  [
    'error',
    errorEventSchema,
    createErrorEvent(
      {
        target,
        error: { error_domain: 'connection', error_code: 'connect_failed', error_message: { text: 'refused' } },
        correlationId: 'c-1',
        context: { url: 'wss://example.org' },
      },
      context,
    ),
    stamped,
  ],
  ['dead letter', dlqEventSchema, createDlqEvent({ reason: 'not JSON', detail: { at: 3 } }, context), stamped],
  [
    'backpressure',
    backpressureEventSchema,
    createBackpressureEvent(
      { action: 'backpressure_activated', producer_name: 'ticks', producer_type: 'avro', status },
      context,
    ),
    stamped,
  ],
  [
    'batch collected',
    batchCollectedSchema,
    createBatchCollected(
      {
        target,
        stats: { batch_size: 10, unique_symbols: 3, cache_efficiency: 0.5, collection_timestamp_ms: 1_730_336_862_082 },
      },
      context,
    ),
    stamped,
  ],
  [
    'performance summary',
    performanceSummarySchema,
    createPerformanceSummary(
      {
        target,
        aggregated_stats: {
          total_batches: 2,
          total_messages: 20,
          avg_batch_size: 10,
          avg_symbols_per_batch: 3,
          avg_cache_efficiency: 0.5,
          messages_per_second: 0.33,
          batches_per_minute: 2,
          elapsed_seconds: 60,
        },
        summary_period_seconds: 60,
      },
      context,
    ),
    stamped,
  ],
  ['counting batch', metricsEventSchema, createMetricsEvent({ target, batch }, context), stamped],
  [
    'reception',
    receptionMetricsSchema,
    createReceptionMetrics(
      { ...layer, total_received: 5, total_parsed: 4, total_parse_failed: 1, bytes_received: 900 },
      context,
    ),
    stamped,
  ],
  [
    'processing',
    processingMetricsSchema,
    createProcessingMetrics({ ...layer, total_processed: 4, total_failed: 0, details: { acknowledged: 4 } }, context),
    stamped,
  ],
  [
    'quality',
    qualityMetricsSchema,
    createQualityMetrics(
      {
        ...layer,
        data_completeness: 0.8,
        symbol_coverage: 1,
        avg_latency_ms: 1.2,
        p95_latency_ms: 2,
        p99_latency_ms: 3,
        health_score: 92,
      },
      context,
    ),
    stamped,
  ],
  [
    'producer metrics',
    producerMetricsSchema,
    createProducerMetrics(
      {
        producer_class: 'RealtimeDataProducer',
        event_type: 'DELIVERY_SUCCESS',
        success: true,
        offset: '9007199254740993',
      },
      context,
    ),
    { ticket_id: id, timestamp_ms: 1_730_336_862_082 },
  ],
])('%s', (_name, schema, event, stamps) => {
  const checker = createChecker(schema);

  test('is what its schema says, with the id and time of its context', () => {
    expect(checker.parse(event)).toEqual({ ok: true, value: event });
    expect(event).toMatchObject(stamps);
  });

  test('refuses a field that it does not have, and each that is missing', () => {
    expect(checker.parse({ ...event, unknown: 1 })).toMatchObject({ ok: false, failures: [{ pointer: '/unknown' }] });
    for (const name of (schema as { required: string[] }).required) {
      const { [name]: _, ...rest } = event as Record<string, unknown>;
      expect(checker.parse(rest)).toMatchObject({ ok: false, failures: [{ pointer: `/${name}`, actual: 'missing' }] });
    }
  });
});

test('an acknowledgement without a command to answer is related to itself', () => {
  expect(createConnectSuccess({ target, symbol: 'KRW-BTC' }, context).meta).toEqual({
    schema_version: '1.0',
    correlation_id: id,
    observed_key: 'upbit/korea/ticker',
  });
  expect(createConnectSuccess({ target, symbol: 'KRW-BTC', correlationId: 'c-1' }, context).meta.correlation_id).toBe(
    'c-1',
  );
});

test('ids are random UUIDs when nobody brings others', () => {
  const input = { reason: 'x' };
  expect(createDlqEvent(input).ticket_id).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(createDlqEvent(input).ticket_id).not.toBe(createDlqEvent(input).ticket_id);
});

test('cuts long message keys', () => {
  const event = createProducerMetrics(
    { producer_class: 'P', event_type: 'QUEUE_FULL', success: false, message_key: 'k'.repeat(300) },
    context,
  );
  expect(event.message_key).toHaveLength(100);
});
