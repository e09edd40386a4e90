import type { Logger } from '@naru/core';
import type { Parcel } from './parcel.js';

export interface MemoryBoundOptions {
  /** Most bytes of messages in memory. */
  readonly maxBytes: number;
  /** There is no room for more, or there is again. */
  readonly onFull: (full: boolean) => void;
  readonly logger: Logger;
}

/** Share of the bound from which on there is room again, once there was none. */
const roomAgainAt = 0.75;

/** What messages on their way take of the memory they may take. */
export class MemoryBound {
  readonly #options: MemoryBoundOptions;
  #bytes = 0;
  #full = false;

  constructor(options: MemoryBoundOptions) {
    this.#options = options;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isFull(): boolean {
    return this.#full;
  }

  /** Whether messages take at least this share of the bound. */
  isUsed(share: number): boolean {
    return this.#bytes >= this.#options.maxBytes * share;
  }

  hold(parcel: Parcel): void {
    this.#bytes += parcel.bytes;
  }

  release(parcel: Parcel, state: 'spooled' | 'done'): void {
    this.#bytes -= parcel.bytes;
    parcel.settle(state);
  }

  /** Tells when there is no room any more. */
  checkFull(): void {
    if (!this.#full && this.isUsed(1)) this.#setFull(true);
  }

  /** Tells when there is room again. */
  checkRoom(): void {
    if (this.#full && this.#bytes <= this.#options.maxBytes * roomAgainAt) this.#setFull(false);
  }

  #setFull(full: boolean): void {
    this.#full = full;
    this.#options.logger.warn(
      full ? 'no room for more records until Kafka takes some' : 'there is room for records again',
      { memoryBytes: this.#bytes },
    );
    this.#options.onFull(full);
  }
}
