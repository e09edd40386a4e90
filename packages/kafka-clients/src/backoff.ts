import type { Clock } from '@naru/core';

const LONGEST_MS = 10_000;

/** Waits; an abort ends the wait. */
export function waitFor(clock: Clock, waitMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.schedule(waitMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Waits `baseMs`, doubled with every attempt up to ten seconds, with a quarter of jitter. */
export function backoff(clock: Clock, attempt: number, baseMs: number, signal?: AbortSignal): Promise<void> {
  const full = Math.min(LONGEST_MS, baseMs * 2 ** Math.min(attempt - 1, 20));
  return waitFor(clock, full * (0.75 + Math.random() / 4), signal);
}
