import { type Clock, systemClock } from '@naru/core';
import { checkWhole } from '../circuit-breaker-error.js';
import type { FailureDetector } from './failure-detector.js';

export interface FailuresInWindowOptions {
  /** This many failures within the window open the circuit, whatever succeeds between them. Default 5. */
  readonly failures?: number;
  /** Default 300,000 ms. */
  readonly windowMs?: number;
  readonly clock?: Clock;
}

/** Opens after so many failures within a time, to the millisecond: it remembers when each of the last ones was. */
export function failuresInWindow(options: FailuresInWindowOptions = {}): FailureDetector {
  const limit = checkWhole('failures', options.failures ?? 5, 1, 10_000);
  const windowMs = checkWhole('windowMs', options.windowMs ?? 300_000, 1, 86_400_000);
  const clock = options.clock ?? systemClock;
  const times: number[] = [];
  const isOld = (time: number): boolean => time <= clock.monotonic() - windowMs;
  const dropOld = (): void => {
    while (times[0] !== undefined && isOld(times[0])) times.shift();
  };
  return {
    timed: false,
    succeeded: () => false,
    failed() {
      dropOld();
      times.push(clock.monotonic());
      return times.length >= limit;
    },
    reset() {
      times.length = 0;
    },
    toJSON() {
      dropOld();
      return { agesMs: times.map((time) => Math.round(clock.monotonic() - time)) };
    },
    restore(state) {
      const ages = (state as { agesMs?: unknown } | null)?.agesMs;
      if (!Array.isArray(ages)) return;
      const known = ages.filter((age): age is number => Number.isFinite(age) && age >= 0);
      // The youngest count longest, and one less than the limit: what is taken over never opens by itself.
      const youngest = known.sort((a, b) => a - b).slice(0, limit - 1);
      times.splice(0, times.length, ...youngest.reverse().map((age) => clock.monotonic() - age));
    },
  };
}
