import type { Clock, Target } from '@naru/core';
import type { Ownership } from './ownership.js';
import type { StoreWatch } from './store-watch.js';

export interface TakeOverOptions {
  readonly ownership: Pick<Ownership, 'takeOver' | 'listForgotten'>;
  readonly watch: StoreWatch;
  /** Opens what a lease that was taken over is for. */
  readonly resume: (target: Target) => void;
  readonly clock: Clock;
  readonly random: () => number;
}

/** How often a member looks for leases whose owners are gone, ms, half of it drawn; its scan is the pulse of the watch, too. */
const scanMs = 750;

/** Most leases taken in one scan, so that the streams of a dead member spread over those that live. */
const maxPerScan = 4;

/** Pause after a scan that took as much as it could, ms. */
const moreMs = 100;

/**
 * How long a member that rests takes nothing over, ms: long enough to close a stream and for whoever asked to take it,
 * short beside the fifteen seconds in which a dead member's streams run again.
 */
const restMs = 4_000;

export interface TakeOver {
  /** Leaves what comes free in the next four seconds to other members. */
  rest(): void;
  stop(): void;
}

/** Looks for leases whose owners are gone, the first time at once. */
export function startTakeOver({ ownership, watch, resume, clock, random }: TakeOverOptions): TakeOver {
  let stopped = false;
  let restsUntil = -Infinity;
  let answerLost = false;
  let cancel: () => void = () => {};

  const scan = async (): Promise<void> => {
    let taken = 0;
    try {
      const targets = await ownership.takeOver(maxPerScan);
      watch.answered();
      taken = targets.length;
      for (const target of targets) resume(target);
      if (answerLost) for (const target of await ownership.listForgotten()) resume(target);
      answerLost = false;
    } catch (error) {
      // A store that was frozen carries out later what nobody waits for any more.
      answerLost = true;
      watch.failed(error);
    }
    scanAfter((taken === maxPerScan ? moreMs : scanMs) * (0.75 + random() / 2));
  };
  const scanAfter = (pauseMs: number): void => {
    if (stopped) return;
    cancel = clock.schedule(pauseMs, () => {
      const restLeftMs = restsUntil - clock.monotonic();
      if (restLeftMs > 0) scanAfter(restLeftMs);
      else void scan();
    });
  };
  void scan();

  return {
    rest() {
      restsUntil = clock.monotonic() + restMs;
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
