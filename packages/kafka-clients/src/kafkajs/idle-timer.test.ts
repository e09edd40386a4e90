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

test('looks for unanswered requests at a tenth of their time, once a second at most', () => {
  expect(repairIdleTimer()).toBe(true);
  const { scheduleRequestTimeoutCheck } = kafkajsInternals().RequestQueue.prototype;
  vi.useFakeTimers({ now: 1_000_000 });
  try {
    const timedOut: number[] = [];
    const request = (sentAt: number) => ({
      sentAt,
      requestTimeout: 5_000,
      timeoutRequest: () => timedOut.push(sentAt),
    });
    const queue = {
      enforceRequestTimeout: true,
      requestTimeout: 5_000,
      requestTimeoutIntervalId: undefined as NodeJS.Timeout | undefined,
      inflight: new Map([
        [1, request(1_000_000)],
        [2, request(1_000_400)],
      ]),
      isConnected: () => true,
      destroy: () => clearInterval(queue.requestTimeoutIntervalId),
    };
    scheduleRequestTimeoutCheck.call(queue as never);
    vi.advanceTimersByTime(5_000);
    expect(timedOut).toEqual([]);
    vi.advanceTimersByTime(500);
    expect(timedOut).toEqual([1_000_000, 1_000_400]);
    queue.destroy();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
