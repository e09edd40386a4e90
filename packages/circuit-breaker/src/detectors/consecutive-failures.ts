import { checkWhole } from '../circuit-breaker-error.js';
import type { FailureDetector } from './failure-detector.js';

export interface ConsecutiveFailuresOptions {
  /** This many failures in a row open the circuit. Default 5. */
  readonly failures?: number;
}

/** Opens after so many failures without a success between them. */
export function consecutiveFailures(options: ConsecutiveFailuresOptions = {}): FailureDetector {
  const limit = checkWhole('failures', options.failures ?? 5, 1, 1_000_000);
  let inARow = 0;
  return {
    timed: false,
    succeeded() {
      inARow = 0;
      return false;
    },
    failed: () => ++inARow >= limit,
    reset() {
      inARow = 0;
    },
    toJSON: () => ({ inARow }),
    restore(state) {
      const stored = (state as { inARow?: unknown } | null)?.inARow;
      if (Number.isSafeInteger(stored) && (stored as number) >= 0) inARow = Math.min(stored as number, limit - 1);
    },
  };
}
