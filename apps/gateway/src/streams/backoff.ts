/** The waits between attempts to reach an exchange again. */
export interface Backoff {
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds to wait after one more failure. */
  next(): number;
  /** Forgets the failures. Call it after stable data, not after a mere connect. */
  reset(): void;
}

export interface BackoffOptions {
  /** First wait. Default 1,000 ms. */
  readonly baseMs?: number;
  /** Longest wait. Default 30,000 ms. */
  readonly capMs?: number;
  /** Failures in a row from which the longer cap holds. Default 10. */
  readonly longAfter?: number;
  /** Longest wait from then on. Default 300,000 ms. */
  readonly longCapMs?: number;
  /** Uniform in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** Among the long waits one in twenty is halved, so that a fleet that failed together does not return together. */
const halvedShare = 0.05;

/** Decorrelated jitter: each wait is uniform between the base and three times the wait before. */
export function createBackoff(options: BackoffOptions = {}): Backoff {
  const baseMs = options.baseMs ?? 1_000;
  const capMs = options.capMs ?? 30_000;
  const longAfter = options.longAfter ?? 10;
  const longCapMs = options.longCapMs ?? 300_000;
  const random = options.random ?? Math.random;
  let failures = 0;
  let previousMs = baseMs;

  return {
    get failures() {
      return failures;
    },
    next() {
      failures += 1;
      const long = failures >= longAfter;
      const drawn = failures === 1 ? baseMs : baseMs + random() * (3 * previousMs - baseMs);
      previousMs = Math.min(drawn, long ? longCapMs : capMs);
      return long && random() < halvedShare ? previousMs / 2 : previousMs;
    },
    reset() {
      failures = 0;
      previousMs = baseMs;
    },
  };
}
