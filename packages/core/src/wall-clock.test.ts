import { expect, test } from 'vitest';
import { createWallClock } from './wall-clock.js';

/** Two clocks of a machine that a test moves: what runs on, and what somebody sets. */
function setUp() {
  const machine = { monotonic: 500, date: 1_700_000_000_000 };
  /** Between two looks at the clocks the process may have been put aside. */
  let aside = 0;
  const now = createWallClock({
    monotonic: () => {
      machine.monotonic += aside;
      return machine.monotonic;
    },
    date: () => Math.floor(machine.date),
  });
  const pass = (ms: number): void => {
    machine.monotonic += ms;
    machine.date += ms;
  };
  return { machine, now, pass, putAside: (ms: number) => (aside = ms) };
}

test('has fractions that the date has not', () => {
  const { now, pass } = setUp();
  const begin = now();
  pass(0.25);
  expect(now() - begin).toBeCloseTo(0.25, 3);
});

test.each([3_600_000, -3_600_000])('follows within a second when the clock is set by %i ms', (by) => {
  const { machine, now, pass } = setUp();
  now();
  machine.date += by;
  pass(1_000);
  expect(now()).toBe(machine.date);
  pass(0.5);
  expect(now()).toBe(machine.date);
});

test('a process that slept knows afterwards how late it is', () => {
  const { machine, now, pass } = setUp();
  now();
  // The monotonic clock stands still meanwhile.
  machine.date += 60_000;
  pass(1_000);
  expect(now()).toBe(machine.date);
});

test('does not take the time between two looks for a clock that was set', () => {
  const { now, pass, putAside } = setUp();
  const begin = now();
  pass(1_000);
  putAside(30);
  const late = now();
  expect(late - begin).toBeGreaterThanOrEqual(1_000);
  expect(late - begin).toBeLessThan(1_100);
});
