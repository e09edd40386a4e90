import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createMarketBatcher, type MarketBatcherOptions } from './market-batcher.js';

function setUp(options: Partial<MarketBatcherOptions<number>> = {}) {
  const clock = createManualClock();
  const batches: [string, number[]][] = [];
  const dropped: number[] = [];
  let conflated = 0;
  const batcher = createMarketBatcher<number>({
    clock,
    maxRecords: 3,
    maxWaitMs: 50,
    maxBuffered: 5,
    whenHeld: 'append',
    onBatch: (code, records) => batches.push([code, records]),
    onConflated: () => {
      conflated += 1;
    },
    onDropped: (_, record) => dropped.push(record),
    ...options,
  });
  return { clock, batches, dropped, batcher, conflated: () => conflated };
}

test('closes a batch by count, each market on its own', () => {
  const { batcher, batches } = setUp();
  for (const record of [1, 2, 3]) {
    batcher.add('KRW-BTC', record);
    batcher.add('KRW-ETH', record * 10);
  }
  expect(batches).toEqual([
    ['KRW-BTC', [1, 2, 3]],
    ['KRW-ETH', [10, 20, 30]],
  ]);
  expect(batcher.size).toBe(0);
});

test('closes a batch by time, counted from its first record', async () => {
  const { batcher, batches, clock } = setUp();
  batcher.add('KRW-BTC', 1);
  await clock.advance(30);
  batcher.add('KRW-ETH', 2);
  batcher.add('KRW-BTC', 3);
  await clock.advance(20);
  expect(batches).toEqual([['KRW-BTC', [1, 3]]]);
  await clock.advance(30);
  expect(batches).toEqual([
    ['KRW-BTC', [1, 3]],
    ['KRW-ETH', [2]],
  ]);
  expect(clock.pending).toBe(0);
});

test('held and appending, keeps the oldest up to the bound and drops the newest', async () => {
  const { batcher, batches, dropped, clock } = setUp();
  batcher.hold();
  for (const record of [1, 2, 3, 4, 5, 6, 7]) batcher.add('KRW-BTC', record);
  await clock.advance(1_000);
  expect(batches).toEqual([]);
  expect(dropped).toEqual([6, 7]);
  batcher.release();
  expect(batches).toEqual([['KRW-BTC', [1, 2, 3, 4, 5]]]);
});

test('held and conflating, the newest record of a market replaces the one before', () => {
  const { batcher, batches, conflated } = setUp({ whenHeld: 'conflate', maxRecords: 2 });
  batcher.hold();
  for (const record of [1, 2, 3, 4]) batcher.add('KRW-BTC', record);
  expect(conflated()).toBe(2);
  batcher.release();
  expect(batches).toEqual([['KRW-BTC', [1, 4]]]);
});

test('released, hands over what became due while it was held', async () => {
  const { batcher, batches, clock } = setUp();
  batcher.add('KRW-BTC', 1);
  batcher.hold();
  await clock.advance(100);
  batcher.release();
  await clock.advance(0);
  expect(batches).toEqual([['KRW-BTC', [1]]]);
});

test('a taker that holds again in the middle of a release keeps the rest waiting', () => {
  const taken: string[] = [];
  const { batcher } = setUp({
    onBatch: (code) => {
      taken.push(code);
      batcher.hold();
    },
  });
  batcher.hold();
  for (const code of ['A-B', 'C-D']) for (const record of [1, 2]) batcher.add(code, record);
  batcher.add('A-B', 3);
  batcher.release();
  expect(taken).toEqual(['A-B']);
  expect(batcher.size).toBe(2);
});

test('a flush hands over everything, held or not', () => {
  const { batcher, batches } = setUp();
  batcher.hold();
  batcher.add('KRW-BTC', 1);
  batcher.flush();
  expect(batches).toEqual([['KRW-BTC', [1]]]);
});
