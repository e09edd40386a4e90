import { type Clock, systemClock } from '@naru/core';
import { checkShare, checkWhole } from '../circuit-breaker-error.js';
import type { FailureDetector } from './failure-detector.js';
import { SlidingWindow } from './sliding-window.js';

interface WindowOptions {
  /** Default 300,000 ms; judged in twentieths of it. */
  readonly windowMs?: number;
  /** Fewer calls within the window decide nothing. Default 100. */
  readonly minimumCalls?: number;
  readonly clock?: Clock;
}

export interface FailureRateOptions extends WindowOptions {
  /** This share of calls must fail, more than 0 to 1. Default 0.5. */
  readonly failureRate?: number;
}

export interface SlowCallsOptions extends WindowOptions {
  /** A call that takes at least this long is slow, ms, also when it succeeds. Default 60,000. */
  readonly slowMs?: number;
  /** This share of calls must be slow, more than 0 to 1. Default 1. */
  readonly slowRate?: number;
}

/** Opens when too large a share of the calls within a window failed. */
export function failureRate(options: FailureRateOptions = {}): FailureDetector {
  const share = checkShare('failureRate', options.failureRate ?? 0.5, { zero: false });
  const window = watchShare(options, share);
  return {
    timed: false,
    ...window.state,
    succeeded: () => window.add(false),
    failed: () => window.add(true),
  };
}

/** Opens when too large a share of the calls within a window was slow, failed or not. */
export function slowCalls(options: SlowCallsOptions = {}): FailureDetector {
  const slowMs = checkWhole('slowMs', options.slowMs ?? 60_000, 1, 86_400_000);
  const share = checkShare('slowRate', options.slowRate ?? 1, { zero: false });
  const window = watchShare(options, share);
  return {
    timed: true,
    ...window.state,
    succeeded: (durationMs) => window.add(durationMs >= slowMs),
    failed: (durationMs) => window.add(durationMs >= slowMs),
  };
}

function watchShare(
  options: WindowOptions,
  share: number,
): { add(hit: boolean): boolean; readonly state: Pick<FailureDetector, 'reset' | 'toJSON' | 'restore'> } {
  const windowMs = checkWhole('windowMs', options.windowMs ?? 300_000, 20, 86_400_000);
  const minimumCalls = checkWhole('minimumCalls', options.minimumCalls ?? 100, 1, 1_000_000);
  const window = new SlidingWindow(windowMs, options.clock ?? systemClock);
  return {
    add(hit) {
      window.add(hit);
      // A call that is no hit can only lower the share.
      if (!hit) return false;
      const { calls, hits } = window.totals();
      return calls >= minimumCalls && hits / calls >= share;
    },
    state: {
      reset: () => window.clear(),
      toJSON: () => window.toJSON(),
      restore: (state) => window.restore(state),
    },
  };
}
