import { kafkajsInternals, type RequestQueuePrototype } from './internals.js';

const BUSY_CHECK_MS = 10;
/** Requests that nobody answers are looked for this often at most and at least. */
const SHORTEST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 1_000;

/** What the repairs rely on; with another kafkajs they are left out. */
const expected = { schedule: /throttledUntil - Date\.now\(\)/, look: /requestTimeoutIntervalId = setInterval/ };

let repaired: boolean | undefined;

/**
 * kafkajs sets a timer in the past for every connection, which fires about every millisecond for as long as the
 * connection lives (kafkajs #1556, #1751) and warns on Node ≥ 24; and it looks for unanswered requests ten times a
 * second however long they may take. A check is needed only while requests wait to be sent, as those that wait for
 * answers are sent when one comes; and a tenth of the time a request may take is soon enough to miss its answer.
 */
export function repairIdleTimer(): boolean {
  repaired ??= repair(kafkajsInternals().RequestQueue.prototype);
  return repaired;
}

function repair(prototype: RequestQueuePrototype): boolean {
  const { scheduleCheckPendingRequests, scheduleRequestTimeoutCheck } = prototype;
  if (!expected.schedule.test(String(scheduleCheckPendingRequests))) return false;
  if (!expected.look.test(String(scheduleRequestTimeoutCheck))) return false;
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
  prototype.scheduleRequestTimeoutCheck = function (this: RequestQueuePrototype): void {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    this.requestTimeoutIntervalId = setInterval(
      () => {
        const now = Date.now();
        for (const request of this.inflight.values()) {
          if (now - request.sentAt > request.requestTimeout) request.timeoutRequest();
        }
        if (!this.isConnected()) this.destroy();
      },
      Math.min(LONGEST_LOOK_MS, Math.max(SHORTEST_LOOK_MS, this.requestTimeout / 10)),
    );
  };
  return true;
}
