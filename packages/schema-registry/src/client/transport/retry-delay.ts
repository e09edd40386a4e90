export interface RetryDelayOptions {
  /** 0 for the first repetition. */
  readonly attempt: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Uniform from 0 to 1. */
  readonly random: () => number;
  /** The `retry-after` header: seconds, or a date. */
  readonly retryAfter: string | undefined;
  readonly nowMs: number;
}

/**
 * Full jitter: anything between nothing and the doubled base, so that a fleet does not return all at once. A wish of the
 * server is a lower bound; neither exceeds `retryMaxMs`.
 */
export function retryDelayMs(options: RetryDelayOptions): number {
  const ceiling = Math.min(options.retryMaxMs, options.retryBaseMs * 2 ** options.attempt);
  const wished = Math.min(options.retryMaxMs, wishOf(options.retryAfter, options.nowMs));
  return Math.max(wished, options.random() * ceiling);
}

function wishOf(retryAfter: string | undefined, nowMs: number): number {
  if (retryAfter === undefined) return 0;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
