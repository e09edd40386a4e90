import { expect, test } from 'vitest';
import { OffsetTracker } from './offset-tracker.js';

test('commits only the contiguous prefix of what is done', () => {
  const tracker = new OffsetTracker();
  const [first, second, third] = ['5', '6', '9'].map((offset) => {
    const receipt = tracker.deliver(offset);
    return () => tracker.markDone(receipt);
  }) as [() => void, () => void, () => void];
  third();
  second();
  expect(tracker.committable).toBeUndefined();
  first();
  expect(tracker.committable).toBe('10');
  expect(tracker.open).toBe(0);
});

test('does not pass an earlier failure however much succeeds after it', () => {
  const tracker = new OffsetTracker();
  const done = Array.from({ length: 5_000 }, (_, offset) => tracker.deliver(String(offset)));
  for (const [offset, receipt] of done.entries()) if (offset !== 2_000) tracker.markDone(receipt);
  expect(tracker.committable).toBe('2000');
  expect(tracker.open).toBe(3_000);
});

test('counts offsets beyond 2^53 digit for digit', () => {
  const tracker = new OffsetTracker();
  tracker.markDone(tracker.deliver('9007199254740993'));
  expect(tracker.committable).toBe('9007199254740994');
});
