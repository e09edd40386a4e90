import type { Clock } from '@naru/core';
import type { OffsetToCommit } from '../transport/transport-consumer.js';

export interface CommitterOptions {
  readonly clock: Clock;
  /** Longest time between something committable and its commit, milliseconds; 0 commits at once. */
  readonly intervalMs: number;
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  onError(error: unknown): void;
}

/** Commits the newest offset of each partition, one request at a time. */
export class Committer {
  readonly #options: CommitterOptions;
  #dirty = new Map<string, OffsetToCommit>();
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  add(offset: OffsetToCommit): void {
    this.#dirty.set(`${offset.topic}/${offset.partition}`, offset);
    if (this.#cancel || this.#running) return;
    this.#cancel = this.#options.clock.schedule(this.#options.intervalMs, () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  /** Commits what there is, after what is under way. Never rejects: an uncommitted message is handled again. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#running) await this.#running;
    if (this.#dirty.size === 0) return;
    const offsets = [...this.#dirty.values()];
    this.#dirty.clear();
    this.#running = this.#options
      .commit(offsets)
      .catch((error) => {
        this.#options.onError(error);
        for (const offset of offsets) {
          const key = `${offset.topic}/${offset.partition}`;
          if (!this.#dirty.has(key)) this.#dirty.set(key, offset);
        }
      })
      .finally(() => {
        this.#running = undefined;
        const [again] = this.#dirty.values();
        if (again && !this.#cancel) this.add(again);
      });
    await this.#running;
  }

  /** Forgets everything: the partitions are somebody else's now. */
  clear(): void {
    this.#dirty.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
