import type { Clock, Logger } from '@naru/core';
import type { KafkaClientError } from '../kafka-client-error.js';
import type { RecordHeaders } from '../transport/transport-producer.js';
import type { SpoolFiles } from './spool-files.js';

/** A message as it is spooled. */
export interface SpoolMessage {
  readonly topic: string;
  readonly key?: Buffer | string | null | undefined;
  readonly value: Buffer | string | null;
  readonly headers?: RecordHeaders | undefined;
}

/** A message as it comes back; text comes back as the bytes of its UTF-8. */
export interface SpooledMessage {
  /** Where it stands in the spool: grows by one with each message. */
  readonly sequence: number;
  /** Unix milliseconds at which it was appended. */
  readonly timestamp: number;
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** What the caller gave with it. */
  readonly meta: Buffer | null;
  readonly headers: RecordHeaders;
  /** What it takes in the spool. */
  readonly bytes: number;
}

export interface SpoolOptions {
  /** Made when it is missing. One process at a time can have it open. */
  readonly directory: string;
  /** Most bytes on disk. Default 1 GiB. */
  readonly maxBytes?: number | undefined;
  /** Size at which a segment is closed; disk space comes back by whole segments. Default 16 MiB, at most an eighth of `maxBytes`. */
  readonly segmentBytes?: number | undefined;
  /**
   * Longest time from a write to the fsync that makes it outlive the machine, milliseconds. Default 1,000. 0 syncs each
   * write. A process that is killed loses nothing that was written, whatever this says.
   */
  readonly fsyncIntervalMs?: number | undefined;
  /** Most bytes that wait in memory for the disk. Default 8 MiB. */
  readonly maxPendingBytes?: number | undefined;
  /** How long to wait before the disk is tried again after it refused, milliseconds. Default 1,000. */
  readonly retryMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  /** Called while opening, for each message that an earlier process left, in order. */
  readonly onRecovered?: ((message: SpooledMessage) => void) | undefined;
  /** The disk refused a write; the spool goes on trying. Called once for each row of refusals. */
  readonly onError?: ((error: KafkaClientError) => void) | undefined;
  /** There may be room again after an `append` was refused. */
  readonly onRoom?: (() => void) | undefined;
  /** How the disk is reached. Default: `node:fs`. */
  readonly files?: SpoolFiles | undefined;
}

export interface SpoolStatus {
  /** Messages that are not acknowledged. */
  readonly messages: number;
  /** On disk or on their way there, acknowledged ones of open segments included. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** On their way to the disk: what a killed process would lose. */
  readonly pendingBytes: number;
  /** Unix milliseconds at which the oldest message that is not acknowledged was appended, to the segment; null when empty. */
  readonly oldestTimestamp: number | null;
  /** Places where bytes were no record and were skipped. */
  readonly damaged: number;
  /** Bytes cut from the ends of segments whose last write was torn. */
  readonly tornBytes: number;
  /** What the disk refused last, while it does. */
  readonly failure: KafkaClientError | null;
}

/** A log of messages on disk that is appended to, read in order, and forgotten as it is acknowledged. */
export interface Spool extends AsyncDisposable {
  /**
   * Takes a message and answers its sequence; it is written within the same turn of the event loop or soon after.
   * Undefined when it is refused: no room, too much on its way to the disk, or the disk refuses writes.
   */
  append(message: SpoolMessage, meta?: Buffer | string | null): number | undefined;
  /** The next messages in order that are not acknowledged, of about `maxBytes` (default 1 MiB). None: all were handed out. */
  read(maxBytes?: number): Promise<SpooledMessage[]>;
  /** A message is done with. In whatever order; what is forgotten is the prefix without a hole. */
  acknowledge(sequence: number): void;
  /** `read` begins again at the oldest message that is not acknowledged. */
  rewind(): void;
  /** Whether `read` has more to hand out. */
  readonly hasUnread: boolean;
  readonly status: SpoolStatus;
  /** Resolves when everything appended and acknowledged so far is on disk. Rejects when the disk refuses. */
  flush(): Promise<void>;
  /** Writes what it can, and gives the directory back. Safe to call twice. Rejects when the disk refuses. */
  close(): Promise<void>;
}
