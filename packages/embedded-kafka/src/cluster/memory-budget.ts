import type { Counters } from '../counters.js';
import type { Partition } from './partition.js';

/** Keeps the records of all partitions within a number of bytes. */
export class MemoryBudget {
  readonly #maxBytes: number;
  readonly #counters: Counters;
  readonly #partitions: () => Iterable<Partition>;

  constructor(maxBytes: number, counters: Counters, partitions: () => Iterable<Partition>) {
    this.#maxBytes = maxBytes;
    this.#counters = counters;
    this.#partitions = partitions;
  }

  add(bytes: number): void {
    this.#counters.recordBytesHeld += bytes;
  }

  /** Drops the oldest segment of the fullest partition until the rest fits. */
  enforce(): void {
    while (this.#counters.recordBytesHeld > this.#maxBytes && this.#fullest()?.log.dropOldest());
  }

  #fullest(): Partition | undefined {
    let fullest: Partition | undefined;
    for (const partition of this.#partitions()) {
      if (partition.log.bytes > (fullest?.log.bytes ?? 0)) fullest = partition;
    }
    return fullest;
  }
}
