import { type Clock, systemClock } from '@naru/core';

/** Waits that end by themselves or are all ended at once. What has ended is kept nowhere. */
export class Waits {
  readonly #clock: Clock;
  readonly #open = new Set<() => void>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** Waits under way. */
  get open(): number {
    return this.#open.size;
  }

  for(waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.#open.delete(end);
        resolve();
      };
      const cancel = this.#clock.schedule(waitMs, end);
      this.#open.add(end);
    });
  }

  endAll(): void {
    for (const end of [...this.#open]) end();
  }
}
