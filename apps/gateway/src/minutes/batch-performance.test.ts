import { batchCollectedSchema, createChecker, performanceSummarySchema, silentLogger, type Target } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createBatchPerformance } from './batch-performance.js';

const target: Target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };

function setUp() {
  const clock = createManualClock(1_700_000_000_000);
  const sent: { readonly topic: string; readonly key: unknown; readonly event: Record<string, unknown> }[] = [];
  const performance = createBatchPerformance({
    producer: {
      send: ({ topic, key, value }) => {
        sent.push({ topic, key, event: JSON.parse(String(value)) });
        return undefined;
      },
    },
    topic: 'monitoring.batch.performance',
    clock,
    logger: silentLogger,
  });
  return { clock, sent, performance };
}

test('shows the latest batch of a target, once', () => {
  const { performance, sent } = setUp();
  const source = { target, batches: { batches: 3, records: 12, lastRecords: 4 } };
  performance.collected([source]);
  performance.collected([source]);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    topic: 'monitoring.batch.performance',
    key: 'upbit/korea/trade',
    event: { stats: { batch_size: 4, unique_symbols: 1, cache_efficiency: 0.75 } },
  });
  expect(createChecker(batchCollectedSchema).check(sent[0]?.event)).toBe(true);
});

test('sums up what came since the last summary, and nothing where nothing came', async () => {
  const { performance, sent, clock } = setUp();
  await clock.advance(60_000);
  performance.summarize([{ target, batches: { batches: 10, records: 50, lastRecords: 5 } }]);
  await clock.advance(30_000);
  const later = { target, batches: { batches: 16, records: 80, lastRecords: 5 } };
  performance.summarize([later]);
  await clock.advance(60_000);
  performance.summarize([later]);
  expect(sent.map(({ event }) => event.aggregated_stats)).toEqual([
    expect.objectContaining({ total_batches: 10, total_messages: 50, elapsed_seconds: 60, batches_per_minute: 10 }),
    expect.objectContaining({ total_batches: 6, total_messages: 30, elapsed_seconds: 30, messages_per_second: 1 }),
  ]);
  expect(sent.every(({ event }) => createChecker(performanceSummarySchema).check(event))).toBe(true);
});
