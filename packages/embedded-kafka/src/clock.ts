/** Time as the broker asks for it, so that tests can own it. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Calls `callback` once after `delayMs`; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
