import type { Clock } from '@naru/core';

export interface RepeatsOptions<Detail> {
  readonly clock: Clock;
  /** How long a window is open after the first, in milliseconds. Default 60,000. */
  readonly windowMs?: number | undefined;
  /** As many of a window are told in full. */
  readonly inFull: number;
  /** Details kept of those that are not. Default 0. */
  readonly maxKept?: number | undefined;
  /** A window is over, of which so many were not told. Never called with 0. */
  readonly onLeftOut: (count: number, kept: readonly Detail[]) => void;
}

/** The first of what repeats is told in full, the rest is counted, and the count is told once a window. */
export interface Repeats<Detail> {
  /** Whether this one is to be told in full; otherwise it is counted, and its detail kept as far as there is room. */
  admits(detail?: Detail): boolean;
  /** Ends the window now. */
  flush(): void;
}

export function createRepeats<Detail>(options: RepeatsOptions<Detail>): Repeats<Detail> {
  const { clock, windowMs = 60_000, inFull, maxKept = 0, onLeftOut } = options;
  let seen = 0;
  let kept: Detail[] = [];
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    const leftOut = seen - inFull;
    const details = kept;
    seen = 0;
    kept = [];
    if (leftOut > 0) onLeftOut(leftOut, details);
  };

  return {
    admits(detail) {
      cancel ??= clock.schedule(windowMs, flush);
      seen += 1;
      if (seen <= inFull) return true;
      if (detail !== undefined && kept.length < maxKept) kept.push(detail);
      return false;
    },
    flush,
  };
}
