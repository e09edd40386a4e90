import type { Clock } from '@naru/core';
import { KafkaClientError } from '../kafka-client-error.js';
import { duration, wholeNumber } from '../option-checks.js';

export interface KillSwitchOptions {
  /** Messages decided within the window before the share of failures means anything. Default 20. */
  readonly minMessages?: number | undefined;
  /** Share of failed messages, above 0 to 1, at which consuming stops. Default 0.5. */
  readonly failureRatio?: number | undefined;
  /** Milliseconds. Default 60,000. */
  readonly windowMs?: number | undefined;
}

const SLICES = 10;

/** Tells when too many messages fail for the fault to be in the messages. Counts in ten slices of the window. */
export class KillSwitch {
  readonly #minMessages: number;
  readonly #failureRatio: number;
  readonly #sliceMs: number;
  readonly #clock: Clock;
  #slices: { readonly from: number; messages: number; failures: number }[] = [];

  constructor(options: KillSwitchOptions, clock: Clock) {
    this.#minMessages = wholeNumber('killSwitch.minMessages', options.minMessages ?? 20, 1);
    this.#failureRatio = options.failureRatio ?? 0.5;
    if (!(this.#failureRatio > 0 && this.#failureRatio <= 1)) {
      throw new KafkaClientError(
        `killSwitch.failureRatio is ${this.#failureRatio}; it must be above 0 and at most 1.`,
        {
          code: 'invalid_option',
        },
      );
    }
    this.#sliceMs = duration('killSwitch.windowMs', options.windowMs ?? 60_000) / SLICES;
    this.#clock = clock;
  }

  /** Counts a decided message; true when consuming must stop. */
  count(failed: boolean): boolean {
    const now = this.#clock.monotonic();
    this.#slices = this.#slices.filter(({ from }) => now - from < this.#sliceMs * SLICES);
    let slice = this.#slices.at(-1);
    if (!slice || now - slice.from >= this.#sliceMs) {
      slice = { from: now, messages: 0, failures: 0 };
      this.#slices.push(slice);
    }
    slice.messages += 1;
    if (failed) slice.failures += 1;
    let messages = 0;
    let failures = 0;
    for (const each of this.#slices) {
      messages += each.messages;
      failures += each.failures;
    }
    return messages >= this.#minMessages && failures / messages >= this.#failureRatio;
  }
}
