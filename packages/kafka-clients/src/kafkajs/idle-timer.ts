import { kafkajsInternals, type RequestQueuePrototype } from './internals.js';

const BUSY_CHECK_MS = 10;

/** What the repair relies on; with another kafkajs it is left alone. */
const expected = /throttledUntil - Date\.now\(\)/;

let repaired: boolean | undefined;

/**
 * kafkajs sets a timer in the past for every connection, which fires about every millisecond for as long as the
 * connection lives (kafkajs #1556, #1751) and warns on Node ≥ 24. A check is needed only while requests wait: those
 * that wait for answers are sent when one comes.
 */
export function repairIdleTimer(): boolean {
  repaired ??= repair(kafkajsInternals().RequestQueue.prototype);
  return repaired;
}

function repair(prototype: RequestQueuePrototype): boolean {
  if (!expected.test(String(prototype.scheduleCheckPendingRequests))) return false;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueuePrototype): void {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId) return;
    const wait = this.throttledUntil - Date.now();
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      wait > 0 ? wait : BUSY_CHECK_MS,
    );
  };
  return true;
}
