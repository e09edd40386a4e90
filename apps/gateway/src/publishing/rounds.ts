import type { Clock } from '@naru/core';

/**
 * The turns in which batches are closed, all those of all targets together. What is sent in one turn shares Kafka
 * requests: with a timer for each market's batch, a request carried one or two messages, and the requests cost both
 * sides more than the messages.
 */
export interface Rounds {
  /** Time between two turns, in ms. */
  readonly everyMs: number;
  /** Calls once, in the next turn; the answer cancels it. */
  next(callback: () => void): () => void;
}

/**
 * Often enough that batches are near their longest wait when they are closed, seldom enough that a turn gathers the
 * messages of many markets: every turn is a request, and in it a batch for each partition that has something.
 */
const roundMs = 10;

/**
 * Turns follow each other only while somebody waits for one.
 *
 * @param longestWaitMs what a record may wait at most; turns are at least as frequent
 */
export function createRounds(clock: Clock, longestWaitMs: number): Rounds {
  const everyMs = Math.min(roundMs, longestWaitMs);
  let waiting = new Set<() => void>();
  let scheduled = false;

  const turn = (): void => {
    const called = waiting;
    waiting = new Set();
    scheduled = false;
    for (const callback of called) callback();
  };

  return {
    everyMs,
    next(callback) {
      waiting.add(callback);
      if (!scheduled) {
        scheduled = true;
        clock.schedule(everyMs, turn);
      }
      const joined = waiting;
      return () => void joined.delete(callback);
    },
  };
}
