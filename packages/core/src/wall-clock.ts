export interface MachineClocks {
  /** Milliseconds with fractions, which nobody sets. */
  readonly monotonic: () => number;
  /** Unix milliseconds as the machine has them now: whole ones, and somebody may set them. */
  readonly date: () => number;
  /** Unix milliseconds with fractions at which the monotonic clock began. Default: by the date. */
  readonly origin?: number;
}

/** How often the two are compared, ms. */
const compareEveryMs = 1_000;
/** What they may differ: the date has no fractions, and reading both takes its time. */
const toleratedMs = 5;
/** Longer between two looks says that the process was put aside meanwhile. */
const sameMomentMs = 1;

/**
 * Unix milliseconds with fractions: the date that was, and what has passed since by the monotonic clock. When the
 * machine's clock is set, or the machine slept, that would be wrong for as long as the process lives; so it is looked at
 * again every second.
 */
export function createWallClock({ monotonic, date, origin: begin }: MachineClocks): () => number {
  let comparedAt = Number.NEGATIVE_INFINITY;
  let origin = begin ?? date() - monotonic();
  return () => {
    const at = monotonic();
    if (at - comparedAt < compareEveryMs) return origin + at;
    const today = date();
    const after = monotonic();
    if (after - at > sameMomentMs) return origin + after;
    comparedAt = at;
    if (Math.abs(today - (origin + at)) > toleratedMs) origin = today - at;
    return origin + at;
  };
}
