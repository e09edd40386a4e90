import { silentLogger, systemClock } from '@naru/core';
import { duration, nonEmpty, wholeNumber } from '../option-checks.js';
import { readAcknowledged } from './acknowledged-file.js';
import { AcknowledgedSequences } from './acknowledged-sequences.js';
import { lockDirectory, type Unlock } from './directory-lock.js';
import { diskError } from './disk-error.js';
import { DiskWork } from './disk-work.js';
import { makeDirectory } from './make-directory.js';
import { ReadCursor } from './read-cursor.js';
import { encodeRecord } from './record-format.js';
import { type RecoveredSegments, recoverSegments } from './recover-segments.js';
import { SegmentLog } from './segment-log.js';
import type { Spool, SpooledMessage, SpoolMessage, SpoolOptions, SpoolStatus } from './spool.js';
import { nodeFiles } from './spool-files.js';

const readBytes = 1024 * 1024;

/**
 * Opens a spool, looks through what an earlier process left, and cuts torn ends.
 *
 * @throws {KafkaClientError} `invalid_option`, `spool_in_use`, `spool_not_permitted`, `spool_disk_full`, `spool_failed`
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const settings = settingsOf(options);
  const { directory, files, logger } = settings;
  const log = new SegmentLog(settings);
  let unlock: Unlock | undefined;
  try {
    await makeDirectory(directory);
    unlock = await lockDirectory(directory);
    const acknowledged = new AcknowledgedSequences(await readAcknowledged(files, directory));
    const { onRecovered } = options;
    const recovered = await recoverSegments({ files, directory, log, acknowledged, onRecovered });
    const { messages, damaged, tornBytes } = recovered;
    if (messages > 0 || damaged > 0 || tornBytes > 0) {
      const { bytes } = log;
      const left = { directory, messages, bytes, damaged, tornBytes };
      logger.info('The spool holds what an earlier process left.', left);
    }
    return new DiskSpool(settings, { log, acknowledged, recovered, unlock });
  } catch (error) {
    await log.close();
    await unlock?.();
    throw diskError(error, directory, 'cannot be opened');
  }
}

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(options: SpoolOptions) {
  const maxBytes = wholeNumber('maxBytes', options.maxBytes ?? 1024 ** 3, 4_096);
  const segmentBytes = options.segmentBytes ?? Math.min(16 * 1024 ** 2, Math.ceil(maxBytes / 8));
  return {
    directory: nonEmpty('directory', options.directory),
    maxBytes,
    segmentBytes: wholeNumber('segmentBytes', segmentBytes, 1),
    fsyncMs: duration('fsyncIntervalMs', options.fsyncIntervalMs ?? 1_000),
    maxPendingBytes: wholeNumber('maxPendingBytes', options.maxPendingBytes ?? 8 * 1024 ** 2, 1),
    retryMs: duration('retryMs', options.retryMs ?? 1_000),
    clock: options.clock ?? systemClock,
    logger: options.logger ?? silentLogger,
    files: options.files ?? nodeFiles,
    onRoom: options.onRoom,
    onError: options.onError,
  };
}

/** What was found in the directory, and the right to it. */
interface Opened {
  readonly log: SegmentLog;
  readonly acknowledged: AcknowledgedSequences;
  readonly recovered: RecoveredSegments;
  readonly unlock: Unlock;
}

class DiskSpool implements Spool {
  readonly #settings: Settings;
  readonly #log: SegmentLog;
  readonly #acknowledged: AcknowledgedSequences;
  readonly #recovered: RecoveredSegments;
  readonly #cursor: ReadCursor;
  readonly #work: DiskWork;
  readonly #unlock: Unlock;
  #messages: number;
  #refused = false;
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, { log, acknowledged, recovered, unlock }: Opened) {
    this.#settings = settings;
    this.#log = log;
    this.#acknowledged = acknowledged;
    this.#recovered = recovered;
    this.#messages = recovered.messages;
    this.#unlock = unlock;
    this.#cursor = new ReadCursor({
      ...settings,
      log,
      acknowledged,
      onLost: (sequence) => this.acknowledge(sequence),
    });
    this.#work = new DiskWork({
      ...settings,
      log,
      acknowledged,
      onError: (error) => settings.onError?.(error),
      onRoom: () => {
        if (!this.#refused) return;
        this.#refused = false;
        settings.onRoom?.();
      },
    });
  }

  /** @throws {KafkaClientError} `message_too_large` */
  append(message: SpoolMessage, meta?: Buffer | string | null): number | undefined {
    const timestamp = this.#settings.clock.now();
    const record = encodeRecord(message, meta, this.#log.nextSequence, timestamp);
    if (this.#closed || this.#work.failure || this.#overflows(record.length)) {
      this.#refused = true;
      return undefined;
    }
    const sequence = this.#log.append(record, timestamp);
    this.#messages += 1;
    this.#work.wake();
    return sequence;
  }

  #overflows(bytes: number): boolean {
    const { maxBytes, maxPendingBytes } = this.#settings;
    const { pendingBytes } = this.#log;
    const waitsTooMuch = pendingBytes > 0 && pendingBytes + bytes > maxPendingBytes;
    return waitsTooMuch || this.#log.bytes + bytes > maxBytes;
  }

  get hasUnread(): boolean {
    return this.#cursor.hasUnread;
  }

  read(maxBytes: number = readBytes): Promise<SpooledMessage[]> {
    return this.#cursor.read(maxBytes);
  }

  acknowledge(sequence: number): void {
    if (sequence >= this.#log.nextSequence || !this.#acknowledged.add(sequence)) return;
    this.#messages -= 1;
    this.#work.noteSoon();
  }

  rewind(): void {
    this.#cursor.rewind();
  }

  get status(): SpoolStatus {
    const { bytes, pendingBytes, segments } = this.#log;
    return {
      messages: this.#messages,
      bytes,
      maxBytes: this.#settings.maxBytes,
      pendingBytes,
      oldestTimestamp: this.#messages > 0 ? (segments[0]?.firstTimestamp ?? null) : null,
      damaged: this.#recovered.damaged + this.#cursor.damaged,
      tornBytes: this.#recovered.tornBytes,
      failure: this.#work.failure,
    };
  }

  flush(): Promise<void> {
    return this.#work.flush();
  }

  close(): Promise<void> {
    this.#closed ??= this.#shut();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #shut(): Promise<void> {
    this.#work.end();
    try {
      await this.#work.flush();
    } finally {
      this.#work.cancel();
      await this.#cursor.idle();
      await this.#log.close();
      await this.#unlock();
    }
  }
}
