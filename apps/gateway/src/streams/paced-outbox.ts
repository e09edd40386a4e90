import type { Clock } from '@naru/core';

/** Sends frames in order, never faster than an exchange takes them. */
export interface PacedOutbox<F> {
  push(frames: readonly F[]): void;
  /** Forgets what was not sent yet. */
  clear(): void;
}

export interface PacedOutboxOptions<F> {
  readonly clock: Clock;
  /** Frames a second; the first goes at once. */
  readonly perSecond: number;
  readonly send: (frame: F) => void;
}

export function createPacedOutbox<F>({ clock, perSecond, send }: PacedOutboxOptions<F>): PacedOutbox<F> {
  const spacingMs = 1_000 / perSecond;
  const waiting: F[] = [];
  let nextAt = Number.NEGATIVE_INFINITY;
  let cancelTimer: (() => void) | undefined;

  const drain = (): void => {
    cancelTimer = undefined;
    for (let frame = waiting[0]; frame !== undefined; frame = waiting[0]) {
      const waitMs = nextAt - clock.monotonic();
      if (waitMs > 0) {
        cancelTimer = clock.schedule(waitMs, drain);
        return;
      }
      waiting.shift();
      nextAt = clock.monotonic() + spacingMs;
      send(frame);
    }
  };

  return {
    push(frames) {
      waiting.push(...frames);
      if (!cancelTimer) drain();
    },
    clear() {
      waiting.length = 0;
      cancelTimer?.();
      cancelTimer = undefined;
    },
  };
}
