import type { Clock } from '@naru/core';

/** When Kafka last acknowledged a message, and whoever waits for what comes of it. */
export class KafkaProgress {
  readonly #clock: Clock;
  /** Monotonic milliseconds: of the last acknowledgement, or since when one is waited for. */
  #at = 0;
  #look: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since the last acknowledgement, or since one is waited for. */
  get silentMs(): number {
    return this.#clock.monotonic() - this.#at;
  }

  /** From now on an acknowledgement is waited for. */
  begin(): void {
    this.#at = this.#clock.monotonic();
  }

  /** Something was acknowledged. */
  acknowledged(): void {
    this.begin();
    this.decided();
  }

  /** The fate of something is known: whoever waits looks again. */
  decided(): void {
    this.#look?.();
  }

  /** Resolves as soon as it holds, looked at with every decision and every so often, or at the deadline. One at a time. */
  until(holds: () => boolean, deadlineMs: number, lookEveryMs: number): Promise<void> {
    return new Promise((resolve) => {
      let cancelLook = (): void => {};
      const end = (): void => {
        this.#look = undefined;
        cancelDeadline();
        cancelLook();
        resolve();
      };
      const look = (): void => {
        if (holds()) end();
      };
      const lookAgain = (): void => {
        cancelLook = this.#clock.schedule(lookEveryMs, lookAgain);
        look();
      };
      const cancelDeadline = this.#clock.schedule(deadlineMs, end);
      this.#look = look;
      lookAgain();
    });
  }
}
