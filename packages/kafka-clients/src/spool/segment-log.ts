import { Segment } from './segment.js';
import type { SpoolFiles } from './spool-files.js';

export interface SegmentLogOptions {
  readonly files: SpoolFiles;
  readonly directory: string;
  /** Size at which the next segment begins, in bytes. */
  readonly segmentBytes: number;
}

/** The segments of a spool, oldest first, and the sequences in them. */
export class SegmentLog {
  readonly #options: SegmentLogOptions;
  readonly #segments: Segment[] = [];
  /** The one that is appended to. What an earlier process wrote is never written to again. */
  #own: Segment | undefined;
  /** The sequence that the next record gets. */
  nextSequence = 1;
  /** Of all segments, written or on their way to the disk. */
  bytes = 0;
  /** On their way to the disk. */
  pendingBytes = 0;

  constructor(options: SegmentLogOptions) {
    this.#options = options;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Takes in what an earlier process left. */
  addFound(segment: Segment): void {
    this.#segments.push(segment);
    this.bytes += segment.size;
  }

  /** @param record with `nextSequence` in it; answers that */
  append(record: Buffer, timestamp: number): number {
    const sequence = this.nextSequence;
    this.nextSequence += 1;
    this.#segmentFor(record.length, sequence).append(record, sequence, timestamp);
    this.bytes += record.length;
    this.pendingBytes += record.length;
    return sequence;
  }

  /** The first segment, when it holds nothing beyond a sequence. */
  doneUpTo(sequence: number): Segment | undefined {
    const first = this.#segments[0];
    return first && first.lastSequence <= sequence ? first : undefined;
  }

  /** Removes the first segment with its file. */
  async removeFirst(): Promise<void> {
    const first = this.#segments.shift();
    if (!first) return;
    const { size } = first;
    const unwritten = await first.remove();
    this.pendingBytes -= unwritten;
    this.bytes -= size;
  }

  /** Writes some of what waits, oldest first; the segment that it was for, or undefined when nothing waits. */
  async writeSome(maxBytes: number): Promise<Segment | undefined> {
    const segment = this.#segments.find(({ hasWaiting }) => hasWaiting);
    if (!segment) return undefined;
    // In two steps: more may be appended while it is written.
    const written = await segment.write(maxBytes);
    this.pendingBytes -= written;
    return segment;
  }

  get hasWaiting(): boolean {
    return this.#segments.some(({ hasWaiting }) => hasWaiting);
  }

  get isDirty(): boolean {
    return this.#segments.some(({ dirty }) => dirty);
  }

  async sync(): Promise<void> {
    for (const segment of this.#segments) if (segment.dirty) await segment.sync();
  }

  async close(): Promise<void> {
    for (const segment of this.#segments) await segment.close().catch(() => {});
  }

  #segmentFor(bytes: number, sequence: number): Segment {
    const { files, directory, segmentBytes } = this.#options;
    let segment = this.#own;
    if (!segment || segment.removed || (segment.size > 0 && segment.size + bytes > segmentBytes)) {
      segment = new Segment(files, directory, sequence);
      this.#own = segment;
      this.#segments.push(segment);
    }
    return segment;
  }
}
