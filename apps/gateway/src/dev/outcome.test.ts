import { expect, test } from 'vitest';
import type { StreamReport } from '../orchestration/target-books.js';
import { createAccountBook } from '../publishing/accounts.js';
import { summarise } from './outcome.js';

test('adds up to what the gateway accounts for', () => {
  const accounts = { received: 30, acknowledged: 28, conflated: 1, dropped: 1, buffered: 0, spooled: 0, recovered: 0 };
  const target = { exchange: 'upbit', region: 'korea', request_type: 'trade' } as const;
  const line: StreamReport = {
    target,
    accounts,
    latency: { p50: 1, p99: 2 },
    firstAcknowledgedAt: 1_250,
    lastReceivedAt: null,
    upstreamGaps: 0,
    droppedBy: createAccountBook().droppedBy,
    stream: null,
  };
  const before = { ...line, stream: { symbols: ['KRW-BTC', 'KRW-ETH'] } as never };
  const outcome = summarise(
    'embedded',
    { startedAt: 1_000, seconds: 14 },
    { totals: { ...accounts, latency: { p50: 1, p99: 2 } }, streams: [line] },
    [before],
  );
  expect(outcome).toMatchObject({
    received: 30,
    ticks_per_second: 2,
    first_tick_ms: 250,
    latency_ms: { p50: 1, p99: 2 },
  });
  expect(outcome.streams).toMatchObject([{ stream: 'upbit/korea/trade', symbols: 2, acknowledged: 28 }]);
});

test('a run without a tick has no first tick and no latency', () => {
  const accounts = { received: 0, acknowledged: 0, conflated: 0, dropped: 0, buffered: 0, spooled: 0, recovered: 0 };
  const outcome = summarise(
    'embedded',
    { startedAt: 0, seconds: 1 },
    { totals: { ...accounts, latency: null }, streams: [] },
    [],
  );
  expect(outcome).toMatchObject({ first_tick_ms: null, latency_ms: null });
});
