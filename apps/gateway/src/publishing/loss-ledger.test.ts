import type { Target } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createLossLedger, type Gap } from './loss-ledger.js';

const target: Target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };
const error = new Error('no room');

function setUp(maxMarkets = 1_000) {
  const clock = createManualClock();
  const gaps: Gap[] = [];
  const state = { isLosing: true };
  const ledger = createLossLedger({
    clock,
    onGap: (gap) => gaps.push(gap),
    isLosing: () => state.isLosing,
    maxMarkets,
    settleMs: 1_000,
  });
  const lose = (code: string, id: number, records = 1): void =>
    ledger.add(
      target,
      {
        code,
        records,
        first: { id: String(id), time: id },
        last: { id: String(id + records - 1), time: id + records - 1 },
      },
      'buffer_full',
      error,
    );
  return { clock, gaps, state, ledger, lose };
}

test('one gap for each market, from the first to the last that was lost, when the losing is over', async () => {
  const { clock, gaps, state, lose } = setUp();
  for (let id = 1; id <= 500; id += 1) lose('KRW-BTC', id);
  await clock.advance(30_000);
  lose('KRW-ETH', 7, 3);
  lose('KRW-BTC', 501, 10);
  expect(gaps).toEqual([]);
  state.isLosing = false;
  await clock.advance(1_000);
  expect(gaps).toMatchObject([
    { target, symbol: 'KRW-BTC', from: { id: '1' }, to: { id: '510' }, records: 510, reason: 'buffer_full' },
    { symbol: 'KRW-ETH', from: { id: '7' }, to: { id: '9' }, records: 3 },
  ]);
  expect(clock.pending).toBe(0);
});

test('another outage is another gap', async () => {
  const { clock, gaps, state, lose } = setUp();
  state.isLosing = false;
  lose('KRW-BTC', 1);
  await clock.advance(1_000);
  lose('KRW-BTC', 9);
  await clock.advance(1_000);
  expect(gaps.map(({ from, to }) => [from.id, to.id])).toEqual([
    ['1', '1'],
    ['9', '9'],
  ]);
});

test('is bounded: beyond so many markets only the count of a target is kept', () => {
  const { gaps, ledger, lose } = setUp(2);
  for (const code of ['A-A', 'B-B', 'C-C', 'D-D', 'A-A']) lose(code, 1);
  ledger.flush();
  expect(gaps.map(({ symbol, records }) => [symbol, records])).toEqual([
    ['A-A', 2],
    ['B-B', 1],
    [null, 2],
  ]);
});

test('a flush tells at once what is open', () => {
  const { gaps, ledger, lose, clock } = setUp();
  lose('KRW-BTC', 1);
  ledger.flush();
  ledger.flush();
  expect(gaps).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
