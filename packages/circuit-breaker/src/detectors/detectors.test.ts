import { createManualClock, type ManualClock } from '@naru/core/testing';
import { ConsecutiveBreaker, CountBreaker } from 'cockatiel';
import { beforeEach, describe, expect, test } from 'vitest';
import { anyOf } from './any-of.js';
import { cockatielBreaker } from './cockatiel-breaker.js';
import { consecutiveFailures } from './consecutive-failures.js';
import type { FailureDetector } from './failure-detector.js';
import { failuresInWindow } from './failures-in-window.js';
import { failureRate, slowCalls } from './share-in-window.js';

let clock: ManualClock;
beforeEach(() => {
  clock = createManualClock();
});

const failTimes = (detector: FailureDetector, times: number): boolean[] =>
  Array.from({ length: times }, () => detector.failed(1));

/** What a new detector with the same options makes of another's export. */
const copy = (detector: FailureDetector, into: FailureDetector): FailureDetector => {
  into.restore(JSON.parse(JSON.stringify(detector.toJSON())));
  return into;
};

describe('consecutiveFailures', () => {
  test('says so at the last failure of the row and forgets at a success or a reset', () => {
    const detector = consecutiveFailures({ failures: 3 });
    expect(failTimes(detector, 2)).toEqual([false, false]);
    expect(detector.succeeded(1)).toBe(false);
    expect(failTimes(detector, 3)).toEqual([false, false, true]);
    detector.reset();
    expect(failTimes(detector, 3)).toEqual([false, false, true]);
  });

  test('opens at the fifth by default', () => {
    expect(failTimes(consecutiveFailures(), 5)).toEqual([false, false, false, false, true]);
  });

  test('takes over an export, but never one that is due already', () => {
    const detector = consecutiveFailures({ failures: 3 });
    failTimes(detector, 2);
    expect(failTimes(copy(detector, consecutiveFailures({ failures: 3 })), 1)).toEqual([true]);
    const other = consecutiveFailures({ failures: 3 });
    other.restore({ inARow: 99 });
    expect(failTimes(other, 1)).toEqual([true]);
    expect(other.toJSON()).toEqual({ inARow: 3 });
    other.restore({ inARow: 99 });
    expect(other.toJSON()).toEqual({ inARow: 2 });
    other.restore({ inARow: 1 });
    expect(other.toJSON()).toEqual({ inARow: 1 });
    other.restore({ inARow: 0 });
    expect(other.toJSON()).toEqual({ inARow: 0 });
    for (const nonsense of [null, 3, { inARow: -1 }, { inARow: 0.5 }, { inARow: '2' }]) {
      const fresh = consecutiveFailures({ failures: 2 });
      fresh.restore(nonsense);
      expect(failTimes(fresh, 2)).toEqual([false, true]);
    }
  });

  test.each([0, 1.5, Number.NaN, 1_000_001])('refuses %s failures', (failures) => {
    expect(() => consecutiveFailures({ failures })).toThrow(`failures is ${failures}`);
  });
});

describe('failuresInWindow', () => {
  test('counts failures of the last window only, whatever succeeded', async () => {
    const detector = failuresInWindow({ failures: 3, windowMs: 5_000, clock });
    detector.failed(1);
    await clock.advance(4_999);
    expect(detector.timed).toBe(false);
    expect(detector.succeeded(1)).toBe(false);
    expect(detector.failed(1)).toBe(false);
    await clock.advance(1);
    expect(detector.failed(1)).toBe(false);
    expect(detector.failed(1)).toBe(true);
  });

  test('does not open for failures ten minutes apart, unlike a window that forgets too slowly', async () => {
    const detector = failuresInWindow({ failures: 3, windowMs: 5_000, clock });
    for (let time = 0; time < 10; time++) {
      expect(detector.failed(1)).toBe(false);
      await clock.advance(600_000);
    }
  });

  test('exports ages, and takes over those that still count', async () => {
    const detector = failuresInWindow({ failures: 3, windowMs: 5_000, clock });
    detector.failed(1);
    await clock.advance(2_000);
    detector.failed(1);
    await clock.advance(1_000);
    expect(detector.toJSON()).toEqual({ agesMs: [3_000, 1_000] });
    const other = createManualClock();
    const taken = copy(detector, failuresInWindow({ failures: 3, windowMs: 5_000, clock: other }));
    await other.advance(2_000);
    expect(taken.failed(1)).toBe(false);
    expect(taken.failed(1)).toBe(true);
    taken.restore({ agesMs: [-1, 5_000, 'x', 0, 0, 0, 0] });
    expect(taken.toJSON()).toEqual({ agesMs: [0, 0] });
    for (const nonsense of ['nonsense', null, { agesMs: 7 }]) taken.restore(nonsense);
    expect(taken.toJSON()).toEqual({ agesMs: [0, 0] });
    taken.reset();
    expect(taken.toJSON()).toEqual({ agesMs: [] });
    await clock.advance(10_000);
    expect(detector.toJSON()).toEqual({ agesMs: [] });
  });

  test('takes over the youngest failures, in order, and no nonsense among them', () => {
    const detector = failuresInWindow({ failures: 4, windowMs: 5_000, clock });
    detector.restore({ agesMs: [1_000, 4_000, 2_000] });
    expect(detector.toJSON()).toEqual({ agesMs: [4_000, 2_000, 1_000] });
    detector.restore({ agesMs: [4_000, 30, 20, 10] });
    expect(detector.toJSON()).toEqual({ agesMs: [30, 20, 10] });
    detector.restore({ agesMs: [-1, null, '5'] });
    expect(detector.toJSON()).toEqual({ agesMs: [] });
  });

  test('refuses a limit or a window outside of its range by name', () => {
    expect(() => failuresInWindow({ failures: 0 })).toThrow('failures is 0');
    expect(() => failuresInWindow({ failures: 10_001 })).toThrow('failures is 10001');
    expect(() => failuresInWindow({ windowMs: 0 })).toThrow('windowMs is 0');
    expect(() => failuresInWindow({ windowMs: 86_400_001 })).toThrow('windowMs is 86400001');
  });
});

describe('failureRate', () => {
  test('opens when the share is reached and enough calls were made', () => {
    const detector = failureRate({ failureRate: 0.5, minimumCalls: 4, windowMs: 1_000, clock });
    expect([detector.failed(1), detector.failed(1), detector.succeeded(1)]).toEqual([false, false, false]);
    expect(detector.succeeded(1)).toBe(false);
    expect(detector.succeeded(1)).toBe(false);
    expect(detector.failed(1)).toBe(true);
    detector.reset();
    expect(detector.failed(1)).toBe(false);
  });

  test('does not open while the share is smaller, however many calls were made', () => {
    const detector = failureRate({ failureRate: 0.5, minimumCalls: 2, windowMs: 1_000, clock });
    expect(detector.timed).toBe(false);
    for (let call = 0; call < 3; call++) detector.succeeded(1);
    expect([detector.failed(1), detector.failed(1), detector.failed(1)]).toEqual([false, false, true]);
  });

  test('does not count what is older than the window and was not overwritten yet', async () => {
    const detector = failureRate({ failureRate: 1, minimumCalls: 2, windowMs: 2_000, clock });
    detector.failed(1);
    await clock.advance(2_000);
    expect(detector.toJSON()).toEqual([]);
    await clock.advance(100);
    expect(detector.failed(1)).toBe(false);
  });

  test('exports oldest first, wherever the newest bucket lies', async () => {
    const detector = failureRate({ windowMs: 2_000, clock });
    await clock.advance(1_900);
    detector.failed(1);
    await clock.advance(100);
    detector.succeeded(1);
    await clock.advance(100);
    detector.failed(1);
    expect(detector.toJSON()).toEqual([
      [2, 1, 1],
      [1, 1, 0],
      [0, 1, 1],
    ]);
  });

  test('puts what it takes over where later calls do not overwrite it', async () => {
    await clock.advance(10_000);
    const detector = failureRate({ windowMs: 2_000, clock });
    detector.restore([
      [5, 2, 1],
      [20, 1, 1],
      [0, 1, 0],
      [20, 1, 1],
    ]);
    await clock.advance(500);
    detector.failed(1);
    expect(detector.toJSON()).toEqual([
      [10, 2, 1],
      [5, 1, 0],
      [0, 1, 1],
    ]);
  });

  test('forgets calls as the window moves on, also when nothing was called for long', async () => {
    const detector = failureRate({ failureRate: 1, minimumCalls: 3, windowMs: 2_000, clock });
    detector.failed(1);
    detector.failed(1);
    await clock.advance(2_000);
    expect(detector.failed(1)).toBe(false);
    await clock.advance(1_900);
    expect(detector.failed(1)).toBe(false);
    expect(detector.failed(1)).toBe(true);
    await clock.advance(600_000);
    expect(detector.toJSON()).toEqual([]);
    expect(detector.failed(1)).toBe(false);
  });

  test('exports its counts by age', async () => {
    await clock.advance(10_000);
    const detector = failureRate({ failureRate: 0.5, minimumCalls: 4, windowMs: 2_000, clock });
    detector.failed(1);
    detector.succeeded(1);
    await clock.advance(500);
    detector.failed(1);
    expect(detector.toJSON()).toEqual([
      [5, 2, 1],
      [0, 1, 1],
    ]);
    expect(copy(detector, failureRate({ minimumCalls: 4, windowMs: 2_000, clock })).failed(1)).toBe(true);
    const young = failureRate({ minimumCalls: 4, windowMs: 2_000, clock: createManualClock() });
    young.restore([[5, 2, 1], [0, 1, 1], [-1, 1, 1], [0, 1, 2], [20, 1, 1], [0, 0.5, 0], 'x', null]);
    expect(young.toJSON()).toEqual([[0, 1, 1]]);
    young.restore({});
    expect(young.toJSON()).toEqual([[0, 1, 1]]);
  });

  test('refuses a share outside of its range', () => {
    for (const share of [0, -0.1, 1.1, Number.NaN]) {
      expect(() => failureRate({ failureRate: share })).toThrow('failureRate');
    }
    expect(() => failureRate({ windowMs: 19 })).toThrow('windowMs');
    expect(() => failureRate({ minimumCalls: 0 })).toThrow('minimumCalls');
  });
});

describe('slowCalls', () => {
  test('opens when too many calls were slow, also successful ones', () => {
    const detector = slowCalls({ slowMs: 100, slowRate: 0.5, minimumCalls: 4, windowMs: 1_000, clock });
    expect(detector.timed).toBe(true);
    expect([detector.succeeded(99), detector.failed(1), detector.succeeded(100)]).toEqual([false, false, false]);
    expect(detector.failed(250)).toBe(true);
  });

  test('is never opened by quick calls', () => {
    const detector = slowCalls({ slowMs: 100, slowRate: 1, minimumCalls: 1, clock });
    expect([detector.succeeded(99), detector.failed(99)]).toEqual([false, false]);
    expect(detector.succeeded(100)).toBe(false);
  });

  test('refuses times and shares outside of their ranges', () => {
    expect(() => slowCalls({ slowMs: 0 })).toThrow('slowMs');
    expect(() => slowCalls({ slowRate: 0 })).toThrow('slowRate');
  });
});

describe('anyOf', () => {
  const both = (): FailureDetector =>
    anyOf(consecutiveFailures({ failures: 3 }), slowCalls({ slowMs: 100, slowRate: 1, minimumCalls: 2, clock }));

  test('opens with the first that would, and shows every call to each', () => {
    const detector = both();
    expect(detector.timed).toBe(true);
    expect(detector.succeeded(100)).toBe(false);
    expect(detector.succeeded(100)).toBe(true);
    detector.reset();
    expect([detector.failed(1), detector.failed(1), detector.failed(1)]).toEqual([false, false, true]);
    expect(anyOf(consecutiveFailures()).timed).toBe(false);
  });

  test('resets each', () => {
    const detector = both();
    detector.failed(1);
    detector.failed(1);
    detector.reset();
    expect(detector.failed(1)).toBe(false);
  });

  test('exports each', () => {
    const detector = both();
    detector.failed(100);
    expect(copy(detector, both()).failed(100)).toBe(true);
    const fresh = both();
    for (const nonsense of ['nonsense', null]) fresh.restore(nonsense);
    expect(fresh.failed(1)).toBe(false);
  });
});

describe('cockatielBreaker', () => {
  test.each([
    ['ConsecutiveBreaker', () => new ConsecutiveBreaker(2)],
    ['CountBreaker', () => new CountBreaker({ size: 4, threshold: 0.4, minimumNumberOfCalls: 2 })],
  ])('takes %s as it is', (_name, create) => {
    const detector = cockatielBreaker(create());
    expect(detector.timed).toBe(false);
    expect(detector.succeeded(1)).toBe(false);
    const first = detector.failed(1);
    expect([first, detector.failed(1)]).toContain(true);
    const half = cockatielBreaker(create());
    half.failed(1);
    expect(copy(half, cockatielBreaker(create())).failed(1)).toBe(true);
    half.reset();
    half.restore(null);
    half.restore(undefined);
    expect(half.toJSON()).toEqual(cockatielBreaker(create()).toJSON());
  });
});
