import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from './clock.js';

const dayMs = 86_400_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('waits also longer than a timer of Node can', () => {
  const callback = vi.fn();
  systemClock.schedule(100 * dayMs, callback);
  vi.advanceTimersByTime(100 * dayMs - 1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(callback).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test('never calls what is to be called never, and cancels it as any other', () => {
  const callback = vi.fn();
  const cancel = systemClock.schedule(Number.POSITIVE_INFINITY, callback);
  vi.advanceTimersByTime(1_000 * dayMs);
  expect(callback).not.toHaveBeenCalled();
  cancel();
  expect(vi.getTimerCount()).toBe(0);
});
