import type { FailureDetector } from './failure-detector.js';

/** Opens as soon as one of several detectors would. */
export function anyOf(...detectors: readonly FailureDetector[]): FailureDetector {
  // Each must see every call, so no short cut after the first that says yes.
  const ask = (question: (detector: FailureDetector) => boolean): boolean => detectors.map(question).includes(true);
  return {
    timed: detectors.some(({ timed }) => timed),
    succeeded: (durationMs) => ask((detector) => detector.succeeded(durationMs)),
    failed: (durationMs) => ask((detector) => detector.failed(durationMs)),
    reset() {
      for (const detector of detectors) detector.reset();
    },
    toJSON: () => detectors.map((detector) => detector.toJSON()),
    restore(state) {
      if (!Array.isArray(state)) return;
      for (const [at, detector] of detectors.entries()) detector.restore(state[at]);
    },
  };
}
