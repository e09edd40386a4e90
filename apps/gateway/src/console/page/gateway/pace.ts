/** When to ask again, in milliseconds. */
export interface Pace {
  answered(): number;
  failed(): number;
}

const everyMs = 1_000;
const slowestMs = 15_000;

/** Each second while the gateway answers; each time twice as long, to fifteen seconds, while it does not. */
export function createPace(): Pace {
  let failures = 0;
  return {
    answered() {
      failures = 0;
      return everyMs;
    },
    failed() {
      failures += 1;
      return Math.min(slowestMs, everyMs * 2 ** failures);
    },
  };
}
