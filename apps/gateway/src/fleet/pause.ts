import type { Clock } from '@naru/core';

/** Waits; any of the signals ends the wait. */
export function pause(clock: Clock, waitMs: number, ...signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      for (const signal of signals) signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.schedule(waitMs, done);
    for (const signal of signals) signal?.addEventListener('abort', done);
    if (signals.some((signal) => signal?.aborted)) done();
  });
}

/** A wait that doubles with every attempt up to two seconds, with half of it drawn. */
export function retryWaitMs(attempt: number, random: () => number): number {
  const full = Math.min(2_000, 100 * 2 ** Math.min(attempt, 10));
  return full * (0.5 + random() / 2);
}
