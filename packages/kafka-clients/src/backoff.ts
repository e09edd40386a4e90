import type { Clock } from '@naru/core';

const LONGEST_MS = 10_000;

/** Waits `baseMs`, doubled with every attempt up to ten seconds, with a quarter of jitter; an abort ends the wait. */
export function backoff(clock: Clock, attempt: number, baseMs: number, signal?: AbortSignal): Promise<void> {
  const full = Math.min(LONGEST_MS, baseMs * 2 ** Math.min(attempt - 1, 20));
  const wait = full * (0.75 + Math.random() / 4);
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.schedule(wait, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
