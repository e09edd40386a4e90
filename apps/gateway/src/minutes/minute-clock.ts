import type { Clock } from '@naru/core';

const minuteMs = 60_000;

/** Calls back at the end of every minute of the wall clock with the minute's first second. */
export interface MinuteClock {
  /** Ends the running minute now, as at shutdown, and calls no more. */
  stop(): void;
}

/** @param onEnd gets the Unix second at which the minute that ended began, a multiple of 60 */
export function startMinuteClock(clock: Clock, onEnd: (startSecond: number) => void): MinuteClock {
  let startMs = minuteOf(clock.now());
  let cancel = arm();
  let stopped = false;

  function arm(): () => void {
    // A little late rather than early: timers and the wall clock do not agree to the millisecond.
    return clock.schedule(Math.min(minuteMs, startMs + minuteMs - clock.now()), () => {
      const now = clock.now();
      // Before its beginning the clock was put back: waiting until it is there again could take hours.
      if (now >= startMs + minuteMs || now < startMs) end();
      cancel = arm();
    });
  }
  function end(): void {
    const ended = startMs / 1_000;
    startMs = minuteOf(clock.now());
    onEnd(ended);
  }
  return {
    stop() {
      if (stopped) return;
      stopped = true;
      cancel();
      end();
    },
  };
}

function minuteOf(ms: number): number {
  return Math.floor(ms / minuteMs) * minuteMs;
}
