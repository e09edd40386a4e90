import type { Clock } from '@naru/core';
import type { OffsetToCommit } from '../transport/transport-consumer.js';

/** Something that knows its newest committable offset. */
export interface CommitSource {
  readonly committable: OffsetToCommit | undefined;
}

export interface CommitterOptions {
  readonly clock: Clock;
  /** Longest time between something committable and its commit, milliseconds; 0 commits at once. */
  readonly intervalMs: number;
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  onError(error: unknown): void;
}

/** A coordinator that has just refused is not asked again at once. */
const AFTER_FAILURE_MS = 500;

/** Commits the newest offset of each partition, one request at a time. */
export class Committer {
  readonly #options: CommitterOptions;
  readonly #dirty = new Set<CommitSource>();
  #cancel: (() => void) | undefined;
  #running: Promise<void> | undefined;
  /** Which assignment the sources belong to: after it their offsets are somebody else's to commit. */
  #assignment = 0;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /** Has the source's offset committed, as it will be then. */
  add(source: CommitSource): void {
    this.#dirty.add(source);
    if (!this.#cancel && !this.#running) this.#schedule(this.#options.intervalMs);
  }

  #schedule(delayMs: number): void {
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      this.#cancel = undefined;
      void this.flush();
    });
  }

  /** Commits what there is, after what is under way. Never rejects: an uncommitted message is handled again. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    while (this.#running) await this.#running;
    const sources = [...this.#dirty];
    this.#dirty.clear();
    const offsets = sources.flatMap(({ committable }) => committable ?? []);
    if (offsets.length === 0) return;
    let delayMs = this.#options.intervalMs;
    const assignment = this.#assignment;
    this.#running = this.#options
      .commit(offsets)
      .catch((error) => {
        this.#options.onError(error);
        if (assignment !== this.#assignment) return;
        for (const source of sources) this.#dirty.add(source);
        delayMs = Math.max(delayMs, AFTER_FAILURE_MS);
      })
      .finally(() => {
        this.#running = undefined;
        if (this.#dirty.size > 0 && !this.#cancel) this.#schedule(delayMs);
      });
    await this.#running;
  }

  /** Forgets everything, what is under way included: the partitions are somebody else's now. */
  clear(): void {
    this.#assignment += 1;
    this.#dirty.clear();
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
