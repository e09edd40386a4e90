import { silentLogger } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createPrometheusMetrics } from '../operations/prometheus-metrics.js';
import { createClosingStack } from './closing-stack.js';
import { relieveLag } from './lag-relief.js';

test('while the loop is very late only the latest tickers are sent, twice a second, and it is told', async () => {
  const clock = createManualClock();
  const metrics = createPrometheusMetrics();
  const calls: unknown[] = [];
  const told: unknown[] = [];
  const figures = [60, 250, 250, 10];
  const closing = createClosingStack(silentLogger);
  relieveLag(
    {
      records: { shed: (shedding) => calls.push(shedding), sendLatest: () => calls.push('latest') },
      events: {
        confirmed: () => {},
        failed: () => {},
        backpressure: ({ type }, about) => told.push([type, about?.message]),
      },
      metrics,
      clock,
      shedMs: 200,
      readP99Ms: () => figures.shift() ?? 0,
    },
    closing,
  );
  await clock.advance(2_000);
  expect(calls).toEqual([]);
  await clock.advance(2_000);
  expect(calls).toEqual([true]);
  expect((await metrics.render()).body).toMatch(
    /gateway_event_loop_lag_seconds 0.25\n[\s\S]*gateway_shedding_tickers 1/,
  );
  await clock.advance(1_000);
  expect(calls).toEqual([true, 'latest', 'latest']);
  await clock.advance(3_000);
  expect(calls.at(-1)).toBe(false);
  expect(calls.filter((call) => call === 'latest').length).toBeGreaterThan(5);
  expect(told).toEqual([
    ['backpressure_activated', 'the event loop is late: p99 60 ms'],
    ['backpressure_activated', expect.stringContaining('only the latest of each market are sent: p99 250 ms')],
    ['backpressure_deactivated', 'the event loop is in time again: p99 10 ms'],
  ]);
  await closing.close();
  expect(clock.pending).toBe(0);
});
