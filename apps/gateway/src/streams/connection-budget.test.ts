import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createConnectionBudget, createConnectionBudgets } from './connection-budget.js';

/** Asks for `count` connections and notes when each was admitted. */
function setUp(limits: Parameters<typeof createConnectionBudget>[0]['limits']) {
  const clock = createManualClock();
  const budget = createConnectionBudget({ limits, clock });
  const admitted: [name: string, at: number][] = [];
  const given: (() => void)[] = [];
  const ask = (name: string, signal?: AbortSignal): Promise<void> =>
    budget.take(signal).then((giveBack) => {
      admitted.push([name, clock.monotonic()]);
      given.push(giveBack);
    });
  return { clock, budget, admitted, given, ask };
}

test('opens as many as a second allows, then the next when the first is a second ago, in the order of asking', async () => {
  const { clock, admitted, ask, budget } = setUp({ connectionsPerSecond: 2 });
  for (const name of ['a', 'b', 'c', 'd', 'e']) void ask(name);
  await clock.advance(0);
  expect(admitted).toEqual([
    ['a', 0],
    ['b', 0],
  ]);
  expect(budget.waiting).toBe(3);
  await clock.advance(5_000);
  expect(admitted.slice(2)).toEqual([
    ['c', 1_000],
    ['d', 1_000],
    ['e', 2_000],
  ]);
  expect(clock.pending).toBe(0);
});

test.each([
  ['second', 3, 3, 1_000],
  ['minute', 20 / 60, 20, 60_000],
])('no %s has more than allowed, wherever it begins', async (_, connectionsPerSecond, most, spanMs) => {
  const { clock, admitted, ask } = setUp({ connectionsPerSecond });
  for (let round = 0; round < 200; round += 1) {
    void ask(String(round));
    await clock.advance(round % 7 === 0 ? 900 : 50);
  }
  await clock.advance(15 * 60_000);
  const times = admitted.map(([, at]) => at);
  expect(times).toHaveLength(200);
  for (const from of times) {
    expect(times.filter((at) => at >= from && at < from + spanMs).length).toBeLessThanOrEqual(most);
  }
});

test('beyond what an address may have open, the next waits until one is given back, once', async () => {
  const { clock, admitted, given, ask, budget } = setUp({ connectionsPerIp: 2 });
  for (const name of ['a', 'b', 'c', 'd']) void ask(name);
  await clock.advance(60_000);
  expect(admitted.map(([name]) => name)).toEqual(['a', 'b']);
  given[0]?.();
  given[0]?.();
  await clock.advance(0);
  expect(admitted.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  expect(budget.open).toBe(2);
});

test('who stops waiting takes no place and leaves no timer', async () => {
  const { clock, admitted, ask, budget } = setUp({ connectionsPerSecond: 1 });
  void ask('a');
  const stop = new AbortController();
  const waiting = ask('b', stop.signal);
  stop.abort(new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
  expect(budget.waiting).toBe(0);
  expect(clock.pending).toBe(0);
  void ask('c');
  await clock.advance(1_000);
  expect(admitted).toEqual([
    ['a', 0],
    ['c', 1_000],
  ]);
});

test('without limits nobody waits', async () => {
  const { clock, admitted, ask } = setUp({});
  for (let count = 0; count < 100; count += 1) void ask('x');
  await clock.advance(0);
  expect(admitted).toHaveLength(100);
});

test('all targets of an exchange share one budget', () => {
  const of = createConnectionBudgets(createManualClock());
  const upbit = { name: 'upbit', limits: { connectionsPerSecond: 5 } };
  expect(of(upbit)).toBe(of({ ...upbit }));
  expect(of(upbit)).not.toBe(of({ ...upbit, name: 'okx' }));
});
