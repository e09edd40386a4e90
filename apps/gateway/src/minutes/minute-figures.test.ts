import { expect, test } from 'vitest';
import { noAccounts } from '../publishing/accounts.js';
import { type MinuteSource, minuteFigures, noTotals } from './minute-figures.js';

const source: MinuteSource = {
  target: { exchange: 'upbit', region: 'korea', request_type: 'trade' },
  accounts: { ...noAccounts, received: 90, acknowledged: 60, dropped: 20, buffered: 10 },
  bytes: 9_000,
  parseFailures: 10,
  upstreamGaps: 0,
  batches: { batches: 0, records: 0, lastRecords: 0 },
  wantedSymbols: 4,
  countBySymbol: { 'KRW-BTC': 60, 'KRW-ETH': 30 },
  latency: { mean: 2, p50: 1, p95: 8, p99: 9 },
};

test('counts what a minute brought', () => {
  expect(minuteFigures(source, noTotals)).toEqual({
    counting: { total: 90, details: { 'KRW-BTC': 60, 'KRW-ETH': 30 } },
    reception: { total_received: 100, total_parsed: 90, total_parse_failed: 10, bytes_received: 9_000 },
    processing: {
      total_processed: 60,
      total_failed: 20,
      details: { acknowledged: 60, conflated: 0, dropped: 20, upstream_gaps: 0 },
    },
    quality: {
      data_completeness: 0.9,
      symbol_coverage: 0.5,
      avg_latency_ms: 2,
      p95_latency_ms: 8,
      p99_latency_ms: 9,
      health_score: expect.closeTo(100 * 0.9 * 0.5 * 0.75),
    },
  });
});

test('takes off what was there a minute before', () => {
  const figures = minuteFigures({ ...source, countBySymbol: {}, latency: null }, source);
  expect(figures.reception).toEqual({ total_received: 0, total_parsed: 0, total_parse_failed: 0, bytes_received: 0 });
  expect(figures.quality).toMatchObject({
    data_completeness: 1,
    symbol_coverage: 0,
    p99_latency_ms: 0,
    health_score: 0,
  });
});

test('a target that wants nothing and received nothing is whole', () => {
  const figures = minuteFigures({ ...source, wantedSymbols: 0, countBySymbol: {} }, source);
  expect(figures.quality.health_score).toBe(100);
});

test('what the exchange left out is apart from what nobody understood', () => {
  const figures = minuteFigures({ ...source, parseFailures: 0, upstreamGaps: 10 }, noTotals);
  expect(figures.reception).toMatchObject({ total_received: 90, total_parse_failed: 0 });
  expect(figures.processing.details).toMatchObject({ upstream_gaps: 10 });
  expect(figures.quality.data_completeness).toBe(0.9);
});

test('what was found in the spool arrived in another minute', () => {
  const accounts = { ...source.accounts, received: 190, recovered: 100, acknowledged: 160 };
  const figures = minuteFigures({ ...source, accounts }, noTotals);
  expect(figures.reception.total_parsed).toBe(90);
  expect(figures.processing.total_processed).toBe(160);
});
