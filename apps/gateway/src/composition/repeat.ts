import type { Clock } from '@naru/core';

/** Calls again and again with a pause between. The answer ends it. */
export function repeat(clock: Clock, pauseMs: number, action: () => void): () => void {
  let cancel = clock.schedule(pauseMs, turn);
  function turn(): void {
    action();
    cancel = clock.schedule(pauseMs, turn);
  }
  return () => cancel();
}
