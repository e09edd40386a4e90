/** Time as packages ask for it, so that tests can own it. */
export interface Clock {
  /** Wall clock: Unix milliseconds, with a fraction where the platform has one. */
  now(): number;
  /** Milliseconds that never run backwards; only differences mean anything. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`, however long that is; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

// Taken once: both are getters, asked for several times with every message.
const { performance } = globalThis;
const { timeOrigin } = performance;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => timeOrigin + performance.now(),
  monotonic: () => performance.now(),
  schedule: (delayMs, callback) => {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      timer =
        leftMs > longestTimerMs
          ? setTimeout(() => wait(leftMs - longestTimerMs), longestTimerMs)
          : setTimeout(callback, leftMs);
    };
    wait(delayMs);
    return () => clearTimeout(timer);
  },
};

/** 24.8 days: what is longer, Node calls at once. */
const longestTimerMs = 2 ** 31 - 1;
