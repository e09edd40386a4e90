import { join } from 'node:path';
import type { AcknowledgedSequences } from './acknowledged-sequences.js';
import { Segment } from './segment.js';
import type { SegmentLog } from './segment-log.js';
import { SegmentReader } from './segment-reader.js';
import type { SpooledMessage } from './spool.js';
import type { SpoolFiles } from './spool-files.js';

const chunkBytes = 1024 * 1024;

export interface RecoverSegmentsOptions {
  readonly files: SpoolFiles;
  readonly directory: string;
  /** Gets the segments that hold something. */
  readonly log: SegmentLog;
  /** What the damage took is done with as well. */
  readonly acknowledged: AcknowledgedSequences;
  /** Called for each message that is not acknowledged, in order. */
  readonly onRecovered: ((message: SpooledMessage) => void) | undefined;
}

/** What an earlier process left. */
export interface RecoveredSegments {
  /** Not acknowledged. */
  readonly messages: number;
  /** Places that were no record. */
  readonly damaged: number;
  /** Cut from the ends of segments. */
  readonly tornBytes: number;
}

/** Looks through the segments of a directory, removes those that are done with, and cuts torn ends. */
export async function recoverSegments(options: RecoverSegmentsOptions): Promise<RecoveredSegments> {
  const { files, directory, log, acknowledged } = options;
  const recovery = new Recovery(options);
  for (const name of (await files.list(directory)).sort()) {
    const base = Segment.baseOf(name);
    if (base === undefined) continue;
    const found = await recovery.look(name, base);
    // Nothing in it is wanted: acknowledged, or not one record.
    if (found.lastSequence <= acknowledged.prefix || found.size === 0) await found.remove();
    else log.addFound(found);
  }
  log.nextSequence = Math.max(acknowledged.prefix, recovery.last) + 1;
  acknowledged.dropBeyond(recovery.last);
  return recovery;
}

class Recovery implements RecoveredSegments {
  readonly #options: RecoverSegmentsOptions;
  /** The highest sequence so far. */
  last = 0;
  messages = 0;
  damaged = 0;
  tornBytes = 0;

  constructor(options: RecoverSegmentsOptions) {
    this.#options = options;
  }

  /** Reads a segment whole, tells of what is not acknowledged, and cuts what is behind its last record. */
  async look(name: string, base: number): Promise<Segment> {
    const { files, directory } = this.#options;
    const path = join(directory, name);
    const file = await files.open(path, false);
    const size = await file.size().finally(() => file.close());
    const segment = new Segment(files, directory, base, size);
    try {
      const reader = new SegmentReader(segment);
      while (!reader.atEnd) for (const message of await reader.next(chunkBytes)) this.#take(message, segment);
      const torn = size - reader.validEnd;
      // The last damage is the torn end itself.
      this.damaged += reader.damaged - (torn > 0 ? 1 : 0);
      this.tornBytes += torn;
      if (torn > 0) {
        await segment.close();
        await files.truncate(path, reader.validEnd);
        segment.size = reader.validEnd;
        segment.written = reader.validEnd;
      }
    } finally {
      // Opened again when it is read: there may be more segments than a process may have files.
      await segment.close();
    }
    return segment;
  }

  #take(message: SpooledMessage, segment: Segment): void {
    const { acknowledged, onRecovered } = this.#options;
    const { sequence, timestamp } = message;
    if (sequence <= this.last) return;
    this.#noteMissing(sequence);
    this.last = sequence;
    segment.lastSequence = sequence;
    segment.firstTimestamp ??= timestamp;
    if (acknowledged.has(sequence)) return;
    this.messages += 1;
    onRecovered?.(message);
  }

  /** Damage has taken what lies between two records; what was before the first is acknowledged and gone. */
  #noteMissing(next: number): void {
    const { acknowledged } = this.#options;
    if (this.messages === 0) acknowledged.addAllUpTo(next - 1);
    else for (let missing = this.last + 1; missing < next; missing += 1) acknowledged.add(missing);
  }
}
