import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createMarketBatcher, type MarketBatcherOptions } from './market-batcher.js';
import { createRounds } from './rounds.js';

function setUp(options: Partial<MarketBatcherOptions<number, string>> = {}) {
  const clock = createManualClock();
  const batches: [string, number[]][] = [];
  const dropped: number[] = [];
  let conflated = 0;
  const batcher = createMarketBatcher<number, string>({
    clock,
    maxRecords: 3,
    maxWaitMs: 50,
    whenHeld: 'drop',
    onBatch: (code, records) => batches.push([code, records]),
    onConflated: () => {
      conflated += 1;
    },
    onDropped: (_, record) => dropped.push(record),
    ...options,
  });
  const add = (code: string, record: number, source = 'a'): void => batcher.add(code, record, source);
  return { clock, batches, dropped, batcher, add, conflated: () => conflated };
}

test('closes a batch by count, each market on its own', () => {
  const { add, batcher, batches } = setUp();
  for (const record of [1, 2, 3]) {
    add('KRW-BTC', record);
    add('KRW-ETH', record * 10);
  }
  expect(batches).toEqual([
    ['KRW-BTC', [1, 2, 3]],
    ['KRW-ETH', [10, 20, 30]],
  ]);
  expect(batcher.size).toBe(0);
});

test('closes a batch by time, counted from its first record', async () => {
  const { add, batches, clock } = setUp();
  add('KRW-BTC', 1);
  await clock.advance(30);
  add('KRW-ETH', 2);
  add('KRW-BTC', 3);
  await clock.advance(20);
  expect(batches).toEqual([['KRW-BTC', [1, 3]]]);
  await clock.advance(30);
  expect(batches).toEqual([
    ['KRW-BTC', [1, 3]],
    ['KRW-ETH', [2]],
  ]);
  expect(clock.pending).toBe(0);
});

test('with rounds that are shared, closes what would be overdue at the next one, all in one turn', async () => {
  const clock = createManualClock();
  const rounds = createRounds(clock, 50);
  const closed: string[] = [];
  const addTo = (code: string): void => {
    const onBatch = (): void => void closed.push(`${code}@${clock.now()}`);
    setUp({ clock, rounds, onBatch }).add(code, 1);
  };
  addTo('KRW-BTC');
  await clock.advance(2);
  addTo('KRW-ETH');
  await clock.advance(4);
  addTo('KRW-XRP');
  await clock.advance(60);
  expect(closed).toEqual(['KRW-BTC@40', 'KRW-ETH@50', 'KRW-XRP@50']);
  expect(clock.pending).toBe(0);
});

test('held and dropping, keeps the oldest and drops every newer one', async () => {
  const { add, batcher, batches, dropped, clock } = setUp();
  add('KRW-BTC', 1);
  batcher.hold();
  for (const record of [2, 3]) add('KRW-BTC', record);
  add('KRW-ETH', 4);
  await clock.advance(1_000);
  expect(batches).toEqual([]);
  expect(dropped).toEqual([2, 3, 4]);
  batcher.release();
  await clock.advance(10);
  expect(batches).toEqual([['KRW-BTC', [1]]]);
});

test('held and conflating, the newest record of a market replaces the one before', () => {
  const { add, batcher, batches, conflated } = setUp({ whenHeld: 'conflate' });
  batcher.hold();
  for (const record of [1, 2, 3, 4]) add('KRW-BTC', record);
  expect(conflated()).toBe(3);
  expect(batcher.size).toBe(1);
  batcher.flush();
  expect(batches).toEqual([['KRW-BTC', [4]]]);
});

test('a batch has one source: another one closes it, and replaces it while conflating', () => {
  const { add, batcher, batches, conflated } = setUp({ whenHeld: 'conflate', maxRecords: 10 });
  add('KRW-BTC', 1, 'a');
  add('KRW-BTC', 2, 'a');
  add('KRW-BTC', 3, 'b');
  expect(batches).toEqual([['KRW-BTC', [1, 2]]]);
  batcher.hold();
  add('KRW-BTC', 4, 'c');
  expect(conflated()).toBe(1);
  expect(batcher.size).toBe(1);
  batcher.flush();
  expect(batches.at(-1)).toEqual(['KRW-BTC', [4]]);
});

test('released, hands over at the next round what became due while it was held', async () => {
  const { add, batcher, batches, clock } = setUp();
  add('KRW-BTC', 1);
  batcher.hold();
  await clock.advance(100);
  batcher.release();
  await clock.advance(10);
  expect(batches).toEqual([['KRW-BTC', [1]]]);
});

test('a taker that holds in the middle of what is due keeps the rest waiting', async () => {
  const taken: string[] = [];
  const { add, batcher, clock } = setUp({
    onBatch: (code) => {
      taken.push(code);
      batcher.hold();
    },
  });
  for (const code of ['A-B', 'C-D']) add(code, 1);
  await clock.advance(100);
  expect(taken).toEqual(['A-B']);
  expect(batcher.size).toBe(1);
});

test('a flush hands over everything, held or not', () => {
  const { add, batcher, batches } = setUp();
  add('KRW-BTC', 1);
  batcher.hold();
  batcher.flush();
  expect(batches).toEqual([['KRW-BTC', [1]]]);
});

test('a batch that another source began anew while held is due after those that were waiting', async () => {
  const { clock, batcher, batches, add } = setUp({ whenHeld: 'conflate' });
  batcher.hold();
  add('KRW-BTC', 1, 'a');
  await clock.advance(10);
  add('KRW-ETH', 2, 'a');
  await clock.advance(30);
  add('KRW-BTC', 3, 'b');
  batcher.flush();
  expect(batches).toEqual([
    ['KRW-ETH', [2]],
    ['KRW-BTC', [3]],
  ]);
});

test('knows no end of markets, one after the other and all at once', async () => {
  const { add, batcher, batches, clock } = setUp();
  for (let turn = 0; turn < 3; turn += 1) {
    for (let market = 0; market < 12_000; market += 1) add(`KRW-M${turn % 2}-${market}`, market);
    expect(batcher.size).toBe(12_000);
    await clock.advance(50);
    expect(batcher.size).toBe(0);
  }
  expect(batches).toHaveLength(36_000);
  expect(clock.pending).toBe(0);
});

test('markets are handed over in the order in which their batches were opened', () => {
  const { add, batcher, batches } = setUp();
  for (const code of ['A-B', 'C-D', 'E-F', 'G-H']) add(code, 1);
  for (const record of [2, 3]) add('C-D', record);
  add('A-B', 2);
  add('C-D', 4);
  batcher.flush();
  expect(batches.map(([code, records]) => `${code} ${records}`)).toEqual([
    'C-D 1,2,3',
    'A-B 1,2',
    'E-F 1',
    'G-H 1',
    'C-D 4',
  ]);
});
