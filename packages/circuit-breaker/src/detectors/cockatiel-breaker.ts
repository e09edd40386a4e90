import { CircuitState, type IBreaker } from 'cockatiel';
import type { FailureDetector } from './failure-detector.js';

/** One of cockatiel's breakers (`ConsecutiveBreaker`, `CountBreaker` …) as a detector. */
export function cockatielBreaker(breaker: IBreaker): FailureDetector {
  const pristine = structuredClone(breaker.state);
  return {
    timed: false,
    succeeded() {
      breaker.success(CircuitState.Closed);
      return false;
    },
    failed: () => breaker.failure(CircuitState.Closed),
    reset() {
      breaker.state = structuredClone(pristine);
    },
    toJSON: () => breaker.state,
    restore(state) {
      if (state !== null && state !== undefined) breaker.state = state;
    },
  };
}
