import { isCommit } from '../transactions/control-batch.js';
import { ErrorCode } from '../wire/error-codes.js';
import { ProducerStates } from './producer-states.js';
import { type BatchHeader, placeBatch, readBatchHeader, stampAppendTime } from './record-batch.js';
import { Segment } from './segment.js';
import { type AbortedTransaction, TransactionIndex } from './transaction-index.js';

const FIRST_SEGMENT_BYTES = 16 * 1024;
const LAST_SEGMENT_BYTES = 1024 * 1024;

/** What follows a log's changes: waiting fetches, memory accounts, files. */
export interface LogObserver {
  /** A batch is about to become part of the log; throwing keeps it out. */
  storing(batch: Buffer, segment: Segment): void;
  appended(): void;
  /** Bytes to keep at least; what is older goes. */
  retentionBytes(): number;
  allocated(segment: Segment): void;
  dropped(segment: Segment): void;
}

export type AppendResult =
  | { readonly errorCode: 0; readonly baseOffset: number; readonly appendTimeMs: number }
  | { readonly errorCode: number; readonly baseOffset: -1; readonly appendTimeMs: -1 };

const refused = (errorCode: number): AppendResult => ({ errorCode, baseOffset: -1, appendTimeMs: -1 });

/**
 * The raw batches of one partition. Batches go in as they came off the wire, with base offset and leader epoch set in
 * place, and go out as views; nothing is decoded.
 */
export class PartitionLog {
  readonly transactions: TransactionIndex = new TransactionIndex();
  readonly #producers = new ProducerStates();
  readonly #observer: LogObserver;
  readonly #segments: Segment[] = [];
  #bytes = 0;
  #startOffset = 0;
  #endOffset = 0;

  constructor(observer: LogObserver) {
    this.#observer = observer;
  }

  get startOffset(): number {
    return this.#startOffset;
  }

  /** Offset of the next record; everything before it is replicated by definition. */
  get endOffset(): number {
    return this.#endOffset;
  }

  /** Where readers of committed data stop. */
  get lastStableOffset(): number {
    return this.transactions.firstOpenOffset() ?? this.#endOffset;
  }

  /** Bytes of all batches. */
  get bytes(): number {
    return this.#bytes;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Appends a checked batch from a producer. `appendTimeMs` of the topic's own clock replaces the producer's times. */
  append(batch: Buffer, leaderEpoch: number, appendTimeMs?: number): AppendResult {
    const header = readBatchHeader(batch);
    if (header.producerId >= 0) {
      const check = this.#producers.check(header);
      if (check.kind === 'refused') return refused(check.errorCode);
      if (check.kind === 'duplicate')
        return { errorCode: 0, baseOffset: check.baseOffset, appendTimeMs: check.timestamp };
    }
    const baseOffset = this.#endOffset;
    if (!this.#store(batch, header, leaderEpoch, appendTimeMs)) return refused(ErrorCode.KAFKA_STORAGE_ERROR);
    return { errorCode: 0, baseOffset, appendTimeMs: appendTimeMs ?? -1 };
  }

  /** Appends a batch that the broker itself made to end a transaction. */
  appendMarker(batch: Buffer, leaderEpoch: number, committed: boolean): void {
    const header = readBatchHeader(batch);
    const offset = this.#endOffset;
    // A marker that cannot be kept is not lost on readers: the transaction ends in memory in any case.
    this.transactions.close(header.producerId, offset, committed);
    this.#store(batch, header, leaderEpoch);
  }

  /** False when the batch could not be kept. */
  #store(batch: Buffer, header: BatchHeader, leaderEpoch: number, appendTimeMs?: number): boolean {
    const baseOffset = this.#endOffset;
    const segment = this.#segmentFor(batch.length);
    const stored = segment.append(batch, baseOffset, appendTimeMs ?? header.maxTimestamp);
    placeBatch(stored, 0, baseOffset, leaderEpoch);
    if (appendTimeMs !== undefined) stampAppendTime(stored, 0, stored.length, appendTimeMs);
    try {
      this.#observer.storing(stored, segment);
    } catch {
      segment.takeBack();
      return false;
    }
    this.#note(header, baseOffset, stored.length);
    this.#observer.appended();
    return true;
  }

  #note(header: BatchHeader, baseOffset: number, bytes: number): void {
    if (header.control) {
      this.#producers.fence(header.producerId, header.producerEpoch);
    } else if (header.producerId >= 0) {
      this.#producers.remember(header, baseOffset);
      if (header.transactional) this.transactions.note(header.producerId, baseOffset);
    }
    this.#bytes += bytes;
    this.#endOffset = baseOffset + header.lastOffsetDelta + 1;
  }

  /** Sets where an empty log begins. */
  beginAt(offset: number): void {
    this.#startOffset = offset;
    this.#endOffset = offset;
  }

  /** Takes the batches of a stored segment in, as they are. */
  restore(baseOffset: number, bytes: Buffer, onBatch: (baseOffset: number, leaderEpoch: number) => void): void {
    const segment = new Segment(baseOffset, bytes.length);
    this.#observer.allocated(segment);
    if (this.#segments.length === 0) this.beginAt(baseOffset);
    this.#segments.push(segment);
    for (let at = 0; at < bytes.length; ) {
      const header = readBatchHeader(bytes, at);
      const batch = bytes.subarray(at, at + header.size);
      segment.append(batch, header.baseOffset, header.maxTimestamp);
      if (header.control) this.transactions.close(header.producerId, header.baseOffset, isCommit(batch));
      this.#note(header, header.baseOffset, header.size);
      onBatch(header.baseOffset, header.leaderEpoch);
      at += header.size;
    }
  }

  /** Producers with an open transaction here. */
  openTransactions(): readonly { readonly producerId: number; readonly epoch: number }[] {
    return this.transactions
      .openProducers()
      .map((producerId) => ({ producerId, epoch: this.#producers.epochOf(producerId) ?? 0 }));
  }

  #segmentFor(bytes: number): Segment {
    const last = this.#segments.at(-1);
    if (last?.fits(bytes)) return last;
    const retentionBytes = this.#observer.retentionBytes();
    // Whole segments are dropped, so they must be small beside what is kept.
    const most = Math.max(FIRST_SEGMENT_BYTES, Math.min(LAST_SEGMENT_BYTES, retentionBytes / 4));
    const next = last ? Math.min(most, last.capacity * 4) : FIRST_SEGMENT_BYTES;
    const segment = new Segment(this.#endOffset, Math.max(Math.floor(next), bytes));
    this.#retain(retentionBytes);
    // Announced before it is in the log, so that making room can never take the segment that is about to be written.
    this.#observer.allocated(segment);
    this.#segments.push(segment);
    return segment;
  }

  /** Drops whole segments from the front as long as `retentionBytes` remain. */
  #retain(retentionBytes: number): void {
    while (this.#segments.length > 0 && this.#bytes - this.#segments[0]!.length >= retentionBytes) this.dropOldest();
  }

  /**
   * Batches from the one that holds `offset`, whole, at most about `maxBytes` (the first one always). Undefined outside
   * of the log. A read ends at a segment's end; the reader comes again for more.
   */
  read(offset: number, maxBytes: number, committedOnly: boolean): Buffer | null | undefined {
    if (offset < this.#startOffset || offset > this.#endOffset) return undefined;
    const end = committedOnly ? this.lastStableOffset : this.#endOffset;
    if (offset >= end) return null;
    return this.#segmentAt(offset).read(offset, end, maxBytes);
  }

  /** Bytes that a reader at `offset` could have, cheap to ask: what waiting fetches count. */
  availableFrom(offset: number, committedOnly: boolean): number {
    if (offset < this.#startOffset || offset > this.#endOffset) return 0;
    if (offset >= (committedOnly ? this.lastStableOffset : this.#endOffset)) return 0;
    return this.#segmentAt(offset).bytesFrom(offset);
  }

  abortedBetween(offset: number, endOffset: number): readonly AbortedTransaction[] {
    return this.transactions.abortedBetween(offset, endOffset);
  }

  /** The first batch with a record at or after a time. */
  firstAtOrAfter(timestamp: number): { baseOffset: number; batch: Buffer } | undefined {
    for (const segment of this.#segments) {
      if (segment.maxTimestamp < timestamp) continue;
      const found = segment.firstAtOrAfter(timestamp);
      if (found) return found;
    }
    return undefined;
  }

  /** The largest record time, with the batch that holds it. */
  latestTimestamp(): number {
    return this.#segments.reduce((latest, segment) => Math.max(latest, segment.maxTimestamp), -1);
  }

  /** Drops the oldest segment, also when it is the only one; false when there is none. */
  dropOldest(): boolean {
    const dropped = this.#segments.shift();
    if (!dropped) return false;
    this.#bytes -= dropped.length;
    this.#moveStart(this.#segments[0]?.baseOffset ?? this.#endOffset);
    this.#observer.dropped(dropped);
    return true;
  }

  /** Deletes records before an offset, as an administrator asks for. */
  deleteBefore(offset: number): number {
    if (offset > this.#endOffset || offset < 0) return ErrorCode.OFFSET_OUT_OF_RANGE;
    while ((this.#segments[1]?.baseOffset ?? Number.POSITIVE_INFINITY) <= offset) this.dropOldest();
    this.#moveStart(offset);
    return ErrorCode.NONE;
  }

  #moveStart(offset: number): void {
    this.#startOffset = Math.max(this.#startOffset, offset);
    this.transactions.truncateBefore(this.#startOffset);
  }

  #segmentAt(offset: number): Segment {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#segments[middle]!.baseOffset <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low]!;
  }
}
