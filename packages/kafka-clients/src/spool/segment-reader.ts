import { magicOverlap, nextMagic, parseRecord } from './record-format.js';
import type { Segment } from './segment.js';
import type { SpooledMessage } from './spool.js';

/** Reads a segment from its beginning, and goes on over what is no record. */
export class SegmentReader {
  readonly segment: Segment;
  /** Places so far where bytes were skipped. */
  damaged = 0;
  /** Where the last record ended. */
  validEnd = 0;
  #offset = 0;
  #inDamage = false;
  /** A record that is larger than a chunk was met: what it takes. */
  #needed = 0;

  constructor(segment: Segment) {
    this.segment = segment;
  }

  get atEnd(): boolean {
    return this.#offset >= this.segment.size;
  }

  /** The records of the next chunk. There may be none although the end is not reached. */
  async next(chunkBytes: number): Promise<SpooledMessage[]> {
    const from = this.#offset;
    const bytes = await this.segment.read(from, Math.max(chunkBytes, this.#needed));
    this.#needed = 0;
    const messages: SpooledMessage[] = [];
    let at = 0;
    while (at < bytes.length) {
      const parsed = parseRecord(bytes, at);
      if (parsed.kind === 'record') {
        messages.push(parsed.message);
        this.#inDamage = false;
        at = parsed.end;
        this.validEnd = from + at;
      } else if (parsed.kind === 'incomplete' && from + parsed.end <= this.segment.size) {
        // The rest of it is in the segment: read from its beginning next time.
        if (at === 0) this.#needed = parsed.end;
        break;
      } else {
        at = this.#skip(bytes, at);
      }
    }
    // A file that is shorter than it was has nothing more to give.
    this.#offset = bytes.length === 0 ? this.segment.size : from + at;
    return messages;
  }

  #skip(bytes: Buffer, at: number): number {
    if (!this.#inDamage) this.damaged += 1;
    this.#inDamage = true;
    const next = nextMagic(bytes, at + 1);
    if (next >= 0) return next;
    const isLast = this.#offset + bytes.length >= this.segment.size;
    return isLast ? bytes.length : Math.max(at + 1, bytes.length - magicOverlap);
  }
}
