import { expect, test, vi } from 'vitest';
import { repairIdleTimer } from './idle-timer.js';
import { kafkajsInternals } from './internals.js';

test('sets no timer while nothing waits, and one while something does', () => {
  expect(repairIdleTimer()).toBe(true);
  const { scheduleCheckPendingRequests } = kafkajsInternals().RequestQueue.prototype;
  const timers = vi.spyOn(globalThis, 'setTimeout');
  try {
    const queue = {
      pending: [] as unknown[],
      throttledUntil: -1,
      throttleCheckTimeoutId: null as NodeJS.Timeout | null,
      checkPendingRequests() {},
    };
    scheduleCheckPendingRequests.call(queue as never);
    expect(timers).not.toHaveBeenCalled();
    queue.pending.push('request');
    scheduleCheckPendingRequests.call(queue as never);
    scheduleCheckPendingRequests.call(queue as never);
    expect(timers).toHaveBeenCalledTimes(1);
    expect(timers.mock.calls[0]?.[1]).toBeGreaterThan(0);
    clearTimeout(queue.throttleCheckTimeoutId ?? undefined);
  } finally {
    timers.mockRestore();
  }
});
