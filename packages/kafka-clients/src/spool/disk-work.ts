import type { Clock, Logger } from '@naru/core';
import type { KafkaClientError } from '../kafka-client-error.js';
import { writeAcknowledged } from './acknowledged-file.js';
import type { AcknowledgedSequences } from './acknowledged-sequences.js';
import { diskError } from './disk-error.js';
import type { SegmentLog } from './segment-log.js';
import type { SpoolFiles } from './spool-files.js';

const chunkBytes = 1024 * 1024;

export interface DiskWorkOptions {
  readonly files: SpoolFiles;
  readonly directory: string;
  readonly log: SegmentLog;
  readonly acknowledged: AcknowledgedSequences;
  readonly fsyncMs: number;
  readonly retryMs: number;
  /** There may be room for more. */
  readonly onRoom: () => void;
  /** The disk refuses; called once for each row of refusals. */
  readonly onError: (error: KafkaClientError) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Everything that changes files, one thing after the other: removes segments that are done with, writes what waits, and
 * sees to it that what is written is synced and what is acknowledged is noted in time. What the disk refuses is tried
 * again.
 */
export class DiskWork {
  readonly #options: DiskWorkOptions;
  /** What is acknowledged stands in its file. */
  #noted = true;
  #working: Promise<void> | undefined;
  #syncDue = false;
  #cancelSync: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #failure: KafkaClientError | null = null;
  #ended = false;

  constructor(options: DiskWorkOptions) {
    this.#options = options;
  }

  /** What the disk refused last, while it does. */
  get failure(): KafkaClientError | null {
    return this.#failure;
  }

  /** There is something to do: now, or when the disk is tried again. */
  wake(): void {
    if (this.#working || this.#cancelRetry) return;
    this.#working = Promise.resolve()
      .then(() => this.#work())
      .then(
        () => this.#succeed(),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#working = undefined;
        if (!this.#failure && this.#hasWork()) this.wake();
      });
  }

  /** More is acknowledged than is noted. */
  noteSoon(): void {
    const { log, acknowledged } = this.#options;
    this.#noted = false;
    if (log.doneUpTo(acknowledged.prefix)) this.wake();
    else this.#arm();
  }

  /** Resolves when everything appended and acknowledged so far is on disk. Rejects when the disk refuses. */
  async flush(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#syncDue = true;
    do {
      this.wake();
      await this.#working;
    } while (this.#syncDue && !this.#failure);
    if (this.#failure) throw this.#failure;
  }

  /** Arms nothing any more. */
  end(): void {
    this.#ended = true;
  }

  /** Forgets what is armed. */
  cancel(): void {
    this.#cancelSync?.();
    this.#cancelRetry?.();
  }

  #hasWork(): boolean {
    const { log, acknowledged } = this.#options;
    return this.#syncDue || log.doneUpTo(acknowledged.prefix) !== undefined || log.hasWaiting;
  }

  async #work(): Promise<void> {
    const { log, acknowledged, fsyncMs } = this.#options;
    while (log.doneUpTo(acknowledged.prefix)) {
      await log.removeFirst();
      this.#tellOfRoom();
    }
    for (let segment = await log.writeSome(chunkBytes); segment; segment = await log.writeSome(chunkBytes)) {
      if (fsyncMs === 0) await segment.sync();
      this.#tellOfRoom();
    }
    if (this.#syncDue) {
      this.#syncDue = false;
      await log.sync();
      if (!this.#noted) await this.#note();
    }
    this.#arm();
  }

  #tellOfRoom(): void {
    if (!this.#failure) this.#options.onRoom();
  }

  async #note(): Promise<void> {
    const { files, directory, acknowledged } = this.#options;
    this.#noted = true;
    try {
      await writeAcknowledged(files, directory, acknowledged);
    } catch (error) {
      this.#noted = false;
      throw error;
    }
  }

  #arm(): void {
    const { log, fsyncMs, clock } = this.#options;
    const due = !this.#noted || log.isDirty;
    if (!due || this.#cancelSync || this.#ended) return;
    // Remembering what is acknowledged costs a file each time; without it a little more is sent again.
    this.#cancelSync = clock.schedule(Math.max(fsyncMs, 50), () => {
      this.#cancelSync = undefined;
      this.#syncDue = true;
      this.wake();
    });
  }

  #succeed(): void {
    const { directory, logger } = this.#options;
    if (!this.#failure) return;
    this.#failure = null;
    logger.info('The spool is written to again.', { directory });
    this.#tellOfRoom();
  }

  #fail(thrown: unknown): void {
    const { directory, clock, logger, retryMs, onError } = this.#options;
    const isFirst = this.#failure === null;
    this.#failure = diskError(thrown, directory, 'cannot be written');
    if (isFirst) {
      logger.error(this.#failure.message, { code: this.#failure.code });
      onError(this.#failure);
    }
    if (this.#ended) return;
    this.#cancelRetry = clock.schedule(retryMs, () => {
      this.#cancelRetry = undefined;
      this.wake();
    });
  }
}
