import type { Clock } from '@naru/core';

/** How often due frames are sent; short enough that a second looks even. */
const tickMs = 5;

/** The most seconds of frames sent at once after the process was held up, so that a pause is not a flood. */
const maxCatchUpSeconds = 0.25;

/** Calls `send` as often as a rate demands, in small groups. `send` answers false when there is nothing to send. */
export class Pacer {
  /** Calls a second; what was due at the rate before is forgotten. */
  #rate: number;
  readonly #clock: Clock;
  readonly #send: () => boolean;
  #cancel: (() => void) | undefined;
  #last = 0;
  #due = 0;

  constructor(rate: number, clock: Clock, send: () => boolean) {
    this.#rate = rate;
    this.#clock = clock;
    this.#send = send;
  }

  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.#rate = rate;
    this.#due = 0;
    this.#last = this.#clock.monotonic();
  }

  start(): void {
    this.#last = this.#clock.monotonic();
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
  }

  #schedule(): void {
    this.#cancel = this.#clock.schedule(tickMs, () => {
      this.#schedule();
      this.#tick();
    });
  }

  #tick(): void {
    const now = this.#clock.monotonic();
    this.#due = Math.min(this.#due + ((now - this.#last) / 1000) * this.#rate, this.#rate * maxCatchUpSeconds + 1);
    this.#last = now;
    while (this.#due >= 1) {
      this.#due -= 1;
      if (!this.#send()) {
        this.#due = 0;
        return;
      }
    }
  }
}
