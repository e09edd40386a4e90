import type { Logger } from '@naru/core';
import type { AcknowledgedSequences } from './acknowledged-sequences.js';
import { diskError } from './disk-error.js';
import type { SegmentLog } from './segment-log.js';
import { SegmentReader } from './segment-reader.js';
import type { SpooledMessage } from './spool.js';

/** How often a segment is tried to be read before it is given up. */
const readAttempts = 3;

export interface ReadCursorOptions {
  readonly directory: string;
  readonly log: SegmentLog;
  readonly acknowledged: AcknowledgedSequences;
  /** The disk does not give it back, and nobody else will acknowledge it. */
  readonly onLost: (sequence: number) => void;
  readonly logger: Logger;
}

/** The place in the log up to which messages were handed out. */
export class ReadCursor {
  readonly #options: ReadCursorOptions;
  #reader: SegmentReader | undefined;
  /** The last sequence that was handed out or skipped. */
  #at: number;
  #generation = 0;
  /** In a row. */
  #failures = 0;
  #reading: Promise<unknown> = Promise.resolve();
  /** Places so far that were no record. */
  damaged = 0;

  constructor(options: ReadCursorOptions) {
    this.#options = options;
    this.#at = options.acknowledged.prefix;
  }

  get hasUnread(): boolean {
    const { log, acknowledged } = this.#options;
    return Math.max(this.#at, acknowledged.prefix) < log.nextSequence - 1;
  }

  /** The next messages, of about so many bytes; one call after the other: the place in the log is one. */
  read(maxBytes: number): Promise<SpooledMessage[]> {
    const turn = this.#reading.then(() => this.#readNext(Math.max(1, maxBytes)));
    this.#reading = turn.catch(() => {});
    return turn;
  }

  /** Begins again at the oldest message that is not acknowledged. */
  rewind(): void {
    this.#generation += 1;
    this.#reader = undefined;
    this.#at = this.#options.acknowledged.prefix;
  }

  /** Resolves when nothing is being read. */
  async idle(): Promise<void> {
    await this.#reading;
  }

  async #readNext(maxBytes: number): Promise<SpooledMessage[]> {
    const { directory, acknowledged, logger } = this.#options;
    const messages: SpooledMessage[] = [];
    while (messages.length === 0 && this.hasUnread) {
      const generation = this.#generation;
      const reader = this.#readerHere();
      const damagedBefore = reader.damaged;
      let found: SpooledMessage[];
      try {
        found = await reader.next(maxBytes);
      } catch (error) {
        // Acknowledged meanwhile, and gone.
        if (reader.segment.removed) continue;
        this.#failures += 1;
        if (this.#failures < readAttempts) throw diskError(error, directory, 'cannot be read');
        // What the disk does not give back must not hold up what it does.
        logger.error('A segment of the spool cannot be read and is given up.', { path: reader.segment.path });
        this.damaged += 1;
        this.#giveUp(reader.segment.lastSequence);
        this.#failures = 0;
        this.#reader = undefined;
        continue;
      }
      this.#failures = 0;
      if (generation !== this.#generation) continue;
      this.damaged += reader.damaged - damagedBefore;
      for (const message of found) {
        if (message.sequence <= this.#at) continue;
        this.#giveUp(message.sequence - 1);
        this.#at = message.sequence;
        if (!acknowledged.has(message.sequence)) messages.push(message);
      }
      if (reader.atEnd) this.#giveUp(reader.segment.lastSequence);
    }
    return messages;
  }

  /** Moves on up to a sequence; what was not read by now is damaged. */
  #giveUp(upTo: number): void {
    for (let lost = this.#at + 1; lost <= upTo; lost += 1) this.#options.onLost(lost);
    this.#at = Math.max(this.#at, upTo);
  }

  #readerHere(): SegmentReader {
    const { log, acknowledged } = this.#options;
    this.#at = Math.max(this.#at, acknowledged.prefix);
    const { segment } = this.#reader ?? {};
    const isLast = segment === log.segments.at(-1);
    if (this.#reader && !segment?.removed && (isLast || !this.#reader.atEnd)) return this.#reader;
    // With something unread there is a segment that has it.
    const next = log.segments.find(({ lastSequence }) => lastSequence > this.#at)!;
    if (segment && segment !== next && !segment.removed) void segment.close().catch(() => {});
    this.#reader = new SegmentReader(next);
    return this.#reader;
  }
}
