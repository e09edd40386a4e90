import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createRepeats } from './repeats.js';

function setUp() {
  const clock = createManualClock(0);
  const leftOut: [number, readonly string[]][] = [];
  const repeats = createRepeats<string>({
    clock,
    windowMs: 1_000,
    inFull: 2,
    maxKept: 2,
    onLeftOut: (count, kept) => leftOut.push([count, kept]),
  });
  return { clock, leftOut, repeats };
}

test('the first of a window are told, the rest is counted and told once, with some of it', async () => {
  const { clock, leftOut, repeats } = setUp();
  expect(['a', 'b', 'c', 'd', 'e'].map((one) => repeats.admits(one))).toEqual([true, true, false, false, false]);
  expect(leftOut).toEqual([]);
  await clock.advance(1_000);
  expect(leftOut).toEqual([[3, ['c', 'd']]]);
});

test('the next window begins with the next one, and one that left nothing out is not told', async () => {
  const { clock, leftOut, repeats } = setUp();
  expect([repeats.admits('a'), repeats.admits('b')]).toEqual([true, true]);
  await clock.advance(5_000);
  expect(leftOut).toEqual([]);
  expect([repeats.admits('c'), repeats.admits('d'), repeats.admits('e')]).toEqual([true, true, false]);
  await clock.advance(999);
  expect(leftOut).toEqual([]);
  await clock.advance(1);
  expect(leftOut).toEqual([[1, ['e']]]);
});

test('a window that is ended early is told once', async () => {
  const { clock, leftOut, repeats } = setUp();
  for (const one of ['a', 'b', 'c']) repeats.admits(one);
  repeats.flush();
  repeats.flush();
  await clock.advance(5_000);
  expect(leftOut).toEqual([[1, ['c']]]);
});
