/**
 * A run of whole batches in one buffer, with an index of where each begins. Bytes once written are never changed,
 * so that views of them can be on their way to clients while more is appended behind them.
 */
export class Segment {
  readonly baseOffset: number;
  readonly #buffer: Buffer;
  #length = 0;
  #maxTimestamp = -1;
  readonly #baseOffsets: number[] = [];
  readonly #positions: number[] = [];
  readonly #timestamps: number[] = [];

  constructor(baseOffset: number, capacity: number) {
    this.baseOffset = baseOffset;
    this.#buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** Bytes in use. */
  get length(): number {
    return this.#length;
  }

  /** Bytes held from memory. */
  get capacity(): number {
    return this.#buffer.length;
  }

  get maxTimestamp(): number {
    return this.#maxTimestamp;
  }

  fits(bytes: number): boolean {
    return this.#length + bytes <= this.#buffer.length;
  }

  /** Copies a batch in and answers with the stored view, whose header the caller still has to set. */
  append(batch: Buffer, baseOffset: number, maxTimestamp: number): Buffer {
    const at = this.#length;
    this.#buffer.set(batch, at);
    this.#length = at + batch.length;
    this.#baseOffsets.push(baseOffset);
    this.#positions.push(at);
    this.#timestamps.push(maxTimestamp);
    this.#maxTimestamp = Math.max(this.#maxTimestamp, maxTimestamp);
    return this.#buffer.subarray(at, this.#length);
  }

  /** Undoes the last append. */
  takeBack(): void {
    this.#baseOffsets.pop();
    this.#timestamps.pop();
    this.#length = this.#positions.pop()!;
  }

  /**
   * Whole batches from the one that holds `offset`, below `endOffset`, up to `maxBytes`; the first batch is given
   * whole even when it alone is larger, as consumers could not pass it otherwise.
   */
  read(offset: number, endOffset: number, maxBytes: number): Buffer {
    const first = this.#find(this.#baseOffsets, offset);
    const from = this.#positions[first]!;
    const limit =
      endOffset > this.#baseOffsets.at(-1)! ? this.#positions.length : this.#find(this.#baseOffsets, endOffset - 1) + 1;
    let to = this.#end(limit - 1);
    if (to - from > maxBytes) {
      const last = this.#find(this.#positions, from + maxBytes);
      to = Math.max(this.#positions[last]!, this.#end(first));
    }
    return this.#buffer.subarray(from, to);
  }

  /** Bytes from the batch that holds `offset` to the end. */
  bytesFrom(offset: number): number {
    return this.#length - this.#positions[this.#find(this.#baseOffsets, offset)]!;
  }

  /** The first batch that holds a record at or after a time. */
  firstAtOrAfter(timestamp: number): { baseOffset: number; batch: Buffer } | undefined {
    const index = this.#timestamps.findIndex((each) => each >= timestamp);
    if (index < 0) return undefined;
    return {
      baseOffset: this.#baseOffsets[index]!,
      batch: this.#buffer.subarray(this.#positions[index]!, this.#end(index)),
    };
  }

  #end(index: number): number {
    return this.#positions[index + 1] ?? this.#length;
  }

  /** Index of the last value that is not above `wanted`, at least 0. */
  #find(sorted: readonly number[], wanted: number): number {
    let low = 0;
    let high = sorted.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (sorted[middle]! <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
