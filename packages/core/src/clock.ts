import { createWallClock } from './wall-clock.js';

/** Time as packages ask for it, so that tests can own it. */
export interface Clock {
  /** Wall clock: Unix milliseconds, with a fraction where the platform has one. It jumps when somebody sets it. */
  now(): number;
  /** Milliseconds that never run backwards; only differences mean anything. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs`, however long that is; the answer cancels it. */
  schedule(delayMs: number, callback: () => void): () => void;
}

// Taken once: both are getters, asked for several times with every message.
const { performance } = globalThis;
const { timeOrigin } = performance;

const MachineDate = Date;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: createWallClock({
    monotonic: () => performance.now(),
    date: () => MachineDate.now(),
    origin: timeOrigin,
  }),
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
