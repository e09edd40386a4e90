import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, type Logger, silentLogger, systemClock } from '@naru/core';
import { KafkaClientError, type KafkaClientErrorCode } from '../kafka-client-error.js';
import { duration, nonEmpty, wholeNumber } from '../option-checks.js';
import { readAcknowledged, writeAcknowledged } from './acknowledged-file.js';
import { lockDirectory, type Unlock } from './directory-lock.js';
import { encodeRecord } from './record-format.js';
import { Segment } from './segment.js';
import { SegmentReader } from './segment-reader.js';
import type { Spool, SpooledMessage, SpoolMessage, SpoolOptions, SpoolStatus } from './spool.js';
import { nodeFiles, type SpoolFiles } from './spool-files.js';

const chunkBytes = 1024 * 1024;

/** How often a segment is tried to be read before it is given up. */
const readAttempts = 3;

/**
 * Opens a spool, looks through what an earlier process left, and cuts torn ends.
 *
 * @throws {KafkaClientError} `invalid_option`, `spool_in_use`, `spool_not_permitted`, `spool_disk_full`, `spool_failed`
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const spool = new DiskSpool(options);
  await spool.open();
  return spool;
}

class DiskSpool implements Spool {
  readonly #options: SpoolOptions;
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #segmentBytes: number;
  readonly #fsyncMs: number;
  readonly #maxPendingBytes: number;
  readonly #retryMs: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #files: SpoolFiles;

  /** Oldest first. */
  #segments: Segment[] = [];
  /** The one that is appended to. */
  #own: Segment | undefined;
  #nextSequence = 1;
  /** Everything up to here is acknowledged. */
  #prefix = 0;
  /** Acknowledged beyond the prefix. */
  readonly #ahead = new Set<number>();
  #reader: SegmentReader | undefined;
  /** The last sequence that was handed out or skipped. */
  #cursor = 0;
  #generation = 0;
  /** In a row. */
  #readFailures = 0;
  #reading: Promise<unknown> = Promise.resolve();

  #bytes = 0;
  #pendingBytes = 0;
  #refused = false;
  #messages = 0;
  #damaged = 0;
  #tornBytes = 0;
  #failure: KafkaClientError | null = null;

  /** What is acknowledged stands in its file. */
  #noted = true;
  #working: Promise<void> | undefined;
  #syncDue = false;
  #cancelSync: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #unlock: Unlock | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#directory = nonEmpty('directory', options.directory);
    this.#maxBytes = wholeNumber('maxBytes', options.maxBytes ?? 1024 ** 3, 4_096);
    this.#segmentBytes = wholeNumber(
      'segmentBytes',
      options.segmentBytes ?? Math.min(16 * 1024 ** 2, Math.ceil(this.#maxBytes / 8)),
      1,
    );
    this.#fsyncMs = duration('fsyncIntervalMs', options.fsyncIntervalMs ?? 1_000);
    this.#maxPendingBytes = wholeNumber('maxPendingBytes', options.maxPendingBytes ?? 8 * 1024 ** 2, 1);
    this.#retryMs = duration('retryMs', options.retryMs ?? 1_000);
    this.#clock = options.clock ?? systemClock;
    this.#logger = options.logger ?? silentLogger;
    this.#files = options.files ?? nodeFiles;
  }

  async open(): Promise<void> {
    try {
      await mkdir(this.#directory, { recursive: true });
      this.#unlock = await lockDirectory(this.#directory);
      const done = await readAcknowledged(this.#files, this.#directory);
      this.#prefix = done.prefix;
      for (const sequence of done.ahead) this.#ahead.add(sequence);
      this.#cursor = this.#prefix;
      await this.#recover();
    } catch (error) {
      for (const segment of this.#segments) await segment.close().catch(() => {});
      await this.#unlock?.();
      throw this.#translate(error, 'cannot be opened');
    }
  }

  async #recover(): Promise<void> {
    const names = (await this.#files.list(this.#directory)).sort();
    let last = 0;
    for (const name of names) {
      const base = Segment.baseOf(name);
      if (base === undefined) continue;
      const found = await this.#look(name, base, last);
      last = Math.max(last, found.lastSequence);
      // Nothing in it is wanted: acknowledged, or not one record.
      if (found.lastSequence <= this.#prefix || found.size === 0) await found.remove();
      else {
        this.#segments.push(found);
        this.#bytes += found.size;
      }
    }
    this.#nextSequence = Math.max(this.#prefix, last) + 1;
    // A note of what is not there any more says nothing.
    for (const sequence of this.#ahead) if (sequence <= this.#prefix || sequence > last) this.#ahead.delete(sequence);
    this.#movePrefix();
    this.#cursor = this.#prefix;
    if (this.#messages > 0 || this.#damaged > 0 || this.#tornBytes > 0) {
      this.#logger.info('The spool holds what an earlier process left.', {
        directory: this.#directory,
        messages: this.#messages,
        bytes: this.#bytes,
        damaged: this.#damaged,
        tornBytes: this.#tornBytes,
      });
    }
  }

  /** Reads a segment whole, tells of what is not acknowledged, and cuts what is behind its last record. */
  async #look(name: string, base: number, after: number): Promise<Segment> {
    const path = join(this.#directory, name);
    const file = await this.#files.open(path, false);
    const size = await file.size().finally(() => file.close());
    const segment = new Segment(this.#files, this.#directory, base, size);
    const reader = new SegmentReader(segment);
    let last = after;
    while (!reader.atEnd) {
      for (const message of await reader.next(chunkBytes)) {
        if (message.sequence <= last) continue;
        this.#noteMissing(last, message.sequence);
        last = message.sequence;
        segment.lastSequence = message.sequence;
        segment.firstTimestamp ??= message.timestamp;
        if (message.sequence <= this.#prefix || this.#ahead.has(message.sequence)) continue;
        this.#messages += 1;
        this.#options.onRecovered?.(message);
      }
    }
    const torn = size - reader.validEnd;
    // The last damage is the torn end itself.
    this.#damaged += reader.damaged - (torn > 0 ? 1 : 0);
    this.#tornBytes += torn;
    if (torn > 0) {
      await segment.close();
      await this.#files.truncate(path, reader.validEnd);
      segment.size = reader.validEnd;
      segment.written = reader.validEnd;
    }
    // Opened again when it is read: there may be more segments than a process may have files.
    await segment.close();
    return segment;
  }

  /** Damage has taken what lies between two records; what was before the first is acknowledged and gone. */
  #noteMissing(last: number, next: number): void {
    if (this.#messages === 0) this.#prefix = Math.max(this.#prefix, next - 1);
    else for (let missing = Math.max(last, this.#prefix) + 1; missing < next; missing += 1) this.#ahead.add(missing);
  }

  /** @throws {KafkaClientError} `message_too_large` */
  append(message: SpoolMessage, meta?: Buffer | string | null): number | undefined {
    const timestamp = this.#clock.now();
    const record = encodeRecord(message, meta, this.#nextSequence, timestamp);
    if (this.#closed || this.#failure || this.#overflows(record.length)) {
      this.#refused = true;
      return undefined;
    }
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    this.#segmentFor(record.length, sequence).append(record, sequence, timestamp);
    this.#bytes += record.length;
    this.#pendingBytes += record.length;
    this.#messages += 1;
    this.#work();
    return sequence;
  }

  #overflows(bytes: number): boolean {
    const waitsTooMuch = this.#pendingBytes > 0 && this.#pendingBytes + bytes > this.#maxPendingBytes;
    return waitsTooMuch || this.#bytes + bytes > this.#maxBytes;
  }

  /** The segment that takes the next record. What an earlier process wrote is never written to again. */
  #segmentFor(bytes: number, sequence: number): Segment {
    let segment = this.#own;
    if (!segment || segment.removed || (segment.size > 0 && segment.size + bytes > this.#segmentBytes)) {
      segment = new Segment(this.#files, this.#directory, sequence);
      this.#own = segment;
      this.#segments.push(segment);
    }
    return segment;
  }

  get hasUnread(): boolean {
    return Math.max(this.#cursor, this.#prefix) < this.#nextSequence - 1;
  }

  read(maxBytes: number = chunkBytes): Promise<SpooledMessage[]> {
    // One at a time: the place in the log is one.
    const turn = this.#reading.then(() => this.#readNext(Math.max(1, maxBytes)));
    this.#reading = turn.catch(() => {});
    return turn;
  }

  async #readNext(maxBytes: number): Promise<SpooledMessage[]> {
    const messages: SpooledMessage[] = [];
    while (messages.length === 0 && this.hasUnread) {
      const generation = this.#generation;
      const reader = this.#readerAtCursor();
      const damagedBefore = reader.damaged;
      let found: SpooledMessage[];
      try {
        found = await reader.next(maxBytes);
      } catch (error) {
        // Acknowledged meanwhile, and gone.
        if (reader.segment.removed) continue;
        this.#readFailures += 1;
        if (this.#readFailures < readAttempts) throw this.#translate(error, 'cannot be read');
        // What the disk does not give back must not hold up what it does.
        this.#logger.error('A segment of the spool cannot be read and is given up.', { path: reader.segment.path });
        this.#damaged += 1;
        this.#giveUp(reader.segment.lastSequence);
        this.#readFailures = 0;
        this.#reader = undefined;
        continue;
      }
      this.#readFailures = 0;
      if (generation !== this.#generation) continue;
      this.#damaged += reader.damaged - damagedBefore;
      for (const message of found) {
        if (message.sequence <= this.#cursor) continue;
        this.#giveUp(message.sequence - 1);
        this.#cursor = message.sequence;
        if (message.sequence > this.#prefix && !this.#ahead.has(message.sequence)) messages.push(message);
      }
      if (reader.atEnd) this.#giveUp(reader.segment.lastSequence);
    }
    return messages;
  }

  /** Moves on up to a sequence; what was not read by now is damaged, and nobody will acknowledge it. */
  #giveUp(upTo: number): void {
    for (let lost = this.#cursor + 1; lost <= upTo; lost += 1) this.acknowledge(lost);
    this.#cursor = Math.max(this.#cursor, upTo);
  }

  #readerAtCursor(): SegmentReader {
    this.#cursor = Math.max(this.#cursor, this.#prefix);
    const { segment } = this.#reader ?? {};
    const isLast = segment === this.#segments.at(-1);
    if (this.#reader && !segment?.removed && (isLast || !this.#reader.atEnd)) return this.#reader;
    // With something unread there is a segment that has it.
    const next = this.#segments.find(({ lastSequence }) => lastSequence > this.#cursor)!;
    if (segment && segment !== next && !segment.removed) void segment.close().catch(() => {});
    this.#reader = new SegmentReader(next);
    return this.#reader;
  }

  acknowledge(sequence: number): void {
    if (sequence <= this.#prefix || sequence >= this.#nextSequence || this.#ahead.has(sequence)) return;
    this.#ahead.add(sequence);
    this.#messages -= 1;
    this.#movePrefix();
    this.#noted = false;
    const first = this.#segments[0];
    if (first && first.lastSequence <= this.#prefix) this.#work();
    else this.#arm();
  }

  #movePrefix(): void {
    while (this.#ahead.delete(this.#prefix + 1)) this.#prefix += 1;
  }

  rewind(): void {
    this.#generation += 1;
    this.#reader = undefined;
    this.#cursor = this.#prefix;
  }

  get status(): SpoolStatus {
    return {
      messages: this.#messages,
      bytes: this.#bytes,
      maxBytes: this.#maxBytes,
      pendingBytes: this.#pendingBytes,
      oldestTimestamp: this.#messages > 0 ? (this.#segments[0]?.firstTimestamp ?? null) : null,
      damaged: this.#damaged,
      tornBytes: this.#tornBytes,
      failure: this.#failure,
    };
  }

  async flush(): Promise<void> {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#syncDue = true;
    do {
      this.#work();
      await this.#working;
    } while (this.#syncDue && !this.#failure);
    if (this.#failure) throw this.#failure;
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #shut(): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#cancelSync?.();
      this.#cancelRetry?.();
      await this.#reading;
      for (const segment of this.#segments) await segment.close().catch(() => {});
      await this.#unlock?.();
    }
  }

  /** Everything that changes files happens here, one thing after the other. */
  #work(): void {
    if (this.#working || this.#cancelRetry) return;
    this.#working = Promise.resolve()
      .then(() => this.#doWork())
      .then(
        () => this.#succeed(),
        (error: unknown) => this.#fail(error),
      )
      .finally(() => {
        this.#working = undefined;
        if (!this.#failure && this.#hasWork()) this.#work();
      });
  }

  #hasWork(): boolean {
    const first = this.#segments[0];
    return (
      this.#syncDue ||
      (first !== undefined && first.lastSequence <= this.#prefix) ||
      this.#segments.some(({ hasWaiting }) => hasWaiting)
    );
  }

  async #doWork(): Promise<void> {
    await this.#forget();
    for (;;) {
      const segment = this.#segments.find(({ hasWaiting }) => hasWaiting);
      if (!segment) break;
      // In two steps: more may be appended while it is written.
      const written = await segment.write(chunkBytes);
      this.#pendingBytes -= written;
      if (this.#fsyncMs === 0) await segment.sync();
      this.#tellOfRoom();
    }
    if (this.#syncDue) {
      this.#syncDue = false;
      for (const segment of this.#segments) if (segment.dirty) await segment.sync();
      if (!this.#noted) await this.#note();
    }
    this.#arm();
  }

  async #note(): Promise<void> {
    this.#noted = true;
    try {
      await writeAcknowledged(this.#files, this.#directory, { prefix: this.#prefix, ahead: this.#ahead });
    } catch (error) {
      this.#noted = false;
      throw error;
    }
  }

  /** Removes segments that hold nothing but what is acknowledged. */
  async #forget(): Promise<void> {
    for (let first = this.#segments[0]; first && first.lastSequence <= this.#prefix; first = this.#segments[0]) {
      this.#segments.shift();
      const size = first.size;
      const unwritten = await first.remove();
      this.#pendingBytes -= unwritten;
      this.#bytes -= size;
      this.#tellOfRoom();
    }
  }

  #tellOfRoom(): void {
    if (!this.#refused || this.#failure) return;
    this.#refused = false;
    this.#options.onRoom?.();
  }

  /** Sees to it that what is written is synced, and what is acknowledged is remembered, in time. */
  #arm(): void {
    const due = !this.#noted || this.#segments.some(({ dirty }) => dirty);
    if (!due || this.#cancelSync || this.#closed) return;
    // Remembering what is acknowledged costs a file each time; without it a little more is sent again.
    this.#cancelSync = this.#clock.schedule(Math.max(this.#fsyncMs, 50), () => {
      this.#cancelSync = undefined;
      this.#syncDue = true;
      this.#work();
    });
  }

  #succeed(): void {
    if (!this.#failure) return;
    this.#failure = null;
    this.#logger.info('The spool is written to again.', { directory: this.#directory });
    this.#tellOfRoom();
  }

  #fail(thrown: unknown): void {
    const isFirst = this.#failure === null;
    this.#failure = this.#translate(thrown, 'cannot be written');
    if (isFirst) {
      this.#logger.error(this.#failure.message, { code: this.#failure.code });
      this.#options.onError?.(this.#failure);
    }
    if (this.#closed) return;
    this.#cancelRetry = this.#clock.schedule(this.#retryMs, () => {
      this.#cancelRetry = undefined;
      this.#work();
    });
  }

  #translate(thrown: unknown, what: string): KafkaClientError {
    if (thrown instanceof KafkaClientError) return thrown;
    const { code, message } = thrown as NodeJS.ErrnoException;
    const meaning = meanings[code ?? ''] ?? { code: 'spool_failed', hint: 'Check the disk.' };
    return new KafkaClientError(`The spool in ${this.#directory} ${what}: ${message}. ${meaning.hint}`, {
      code: meaning.code,
      retryable: true,
      cause: thrown,
    });
  }
}

const full = { code: 'spool_disk_full', hint: 'Free space, or give it another directory.' } as const;
const refused = { code: 'spool_not_permitted', hint: 'Let this process write there.' } as const;

const meanings: Readonly<Record<string, { readonly code: KafkaClientErrorCode; readonly hint: string }>> = {
  ENOSPC: full,
  EDQUOT: full,
  EFBIG: full,
  EACCES: refused,
  EPERM: refused,
  EROFS: refused,
};
