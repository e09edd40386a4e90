import { KafkaClientError } from '../kafka-client-error.js';
import { wholeNumber } from '../option-checks.js';

/** What happens to a message that finds the queue full. */
export type OverflowPolicy = 'wait' | 'reject' | 'drop-oldest';

export interface QueueBoundsOptions {
  /** Most messages held, waiting and in flight. Default 1,000. */
  readonly maxQueuedMessages?: number | undefined;
  /** Most bytes held. Default 32 MiB. */
  readonly maxQueuedBytes?: number | undefined;
  /** Share of either bound, 0 to 1, at which the producer throttles. Default 0.8. */
  readonly highWatermark?: number | undefined;
  /** Share of both bounds, 0 to 1, under which it stops throttling. Default 0.2. */
  readonly lowWatermark?: number | undefined;
}

/** Counts what the producer holds against its bounds and says when it must be spared. */
export class QueueBounds {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly highWatermark: number;
  readonly lowWatermark: number;
  #messages = 0;
  #bytes = 0;
  #throttled = false;
  readonly #onChange: (throttled: boolean) => void;

  /** @param onChange called when throttling begins and when it ends. */
  constructor(options: QueueBoundsOptions, onChange: (throttled: boolean) => void) {
    this.maxMessages = wholeNumber('maxQueuedMessages', options.maxQueuedMessages ?? 1_000, 1);
    this.maxBytes = wholeNumber('maxQueuedBytes', options.maxQueuedBytes ?? 32 * 1024 * 1024, 1);
    this.highWatermark = options.highWatermark ?? 0.8;
    this.lowWatermark = options.lowWatermark ?? 0.2;
    if (!(this.lowWatermark >= 0 && this.lowWatermark < this.highWatermark && this.highWatermark <= 1)) {
      throw new KafkaClientError(
        `lowWatermark ${this.lowWatermark} and highWatermark ${this.highWatermark} must satisfy 0 ≤ low < high ≤ 1.`,
        { code: 'invalid_option' },
      );
    }
    this.#onChange = onChange;
  }

  get messages(): number {
    return this.#messages;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get throttled(): boolean {
    return this.#throttled;
  }

  /** Whether a message of that size would pass a bound. One message alone always fits. */
  overflowsWith(bytes: number): boolean {
    return this.#messages > 0 && (this.#messages + 1 > this.maxMessages || this.#bytes + bytes > this.maxBytes);
  }

  add(bytes: number): void {
    this.#messages += 1;
    this.#bytes += bytes;
    if (!this.#throttled && this.#usage() >= this.highWatermark) {
      this.#throttled = true;
      this.#onChange(true);
    }
  }

  remove(messages: number, bytes: number): void {
    this.#messages -= messages;
    this.#bytes -= bytes;
    if (this.#throttled && this.#usage() <= this.lowWatermark) {
      this.#throttled = false;
      this.#onChange(false);
    }
  }

  #usage(): number {
    return Math.max(this.#messages / this.maxMessages, this.#bytes / this.maxBytes);
  }
}
