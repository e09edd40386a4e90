import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { type LagState, startLagGuard } from './lag-guard.js';

async function statesOf(figures: readonly number[], shedMs?: number): Promise<LagState[]> {
  const clock = createManualClock();
  const states: LagState[] = [];
  const left = [...figures];
  const stop = startLagGuard({
    readP99Ms: () => left.shift() ?? 0,
    shedMs,
    intervalMs: 1_000,
    clock,
    onLook: (_, state) => states.push(state),
    onChange: (state, before) => expect(state).not.toBe(before),
  });
  await clock.advance(figures.length * 1_000);
  stop();
  expect(clock.pending).toBe(0);
  return states;
}

test('above 50 ms it is late, until it is clearly under it', async () => {
  expect(await statesOf([10, 50, 51, 49, 51, 40, 39, 49])).toEqual([
    'calm',
    'calm',
    'late',
    'late',
    'late',
    'late',
    'calm',
    'calm',
  ]);
});

test('above 200 ms it sheds, until it is under 50 ms again', async () => {
  expect(await statesOf([201, 199, 60, 50, 49, 30])).toEqual([
    'shedding',
    'shedding',
    'shedding',
    'shedding',
    'late',
    'calm',
  ]);
});

test('it never sheds where that is switched off', async () => {
  expect(await statesOf([500, 10], 0)).toEqual(['late', 'calm']);
});

test('tells of each change once', async () => {
  const clock = createManualClock();
  const changes: [LagState, LagState, number][] = [];
  const figures = [300, 300, 10, 10];
  startLagGuard({
    readP99Ms: () => figures.shift() ?? 0,
    intervalMs: 1_000,
    clock,
    onChange: (...change) => changes.push(change),
  });
  await clock.advance(6_000);
  expect(changes).toEqual([
    ['shedding', 'calm', 300],
    ['calm', 'shedding', 10],
  ]);
});
