/** One delivered record. */
export interface Delivered {
  readonly offset: string;
  done: boolean;
}

/**
 * Which offset of one partition may be committed: the one after the longest prefix of delivered records that are all
 * done. A later success never commits past an earlier failure. Offsets may have gaps (compaction, transactions).
 */
export class OffsetTracker {
  #delivered: Delivered[] = [];
  #head = 0;
  #lastDone: string | undefined;

  /** Records are delivered in the order of their offsets. The answer is the receipt to mark this one done with. */
  deliver(offset: string): Delivered {
    const receipt: Delivered = { offset, done: false };
    this.#delivered.push(receipt);
    return receipt;
  }

  markDone(receipt: Delivered): void {
    receipt.done = true;
    const delivered = this.#delivered;
    while (this.#head < delivered.length && delivered[this.#head]!.done) {
      this.#lastDone = delivered[this.#head]!.offset;
      this.#head += 1;
    }
    if (this.#head === delivered.length || this.#head > 1_024) {
      this.#delivered = delivered.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Records delivered and not yet behind the committable offset. */
  get open(): number {
    return this.#delivered.length - this.#head;
  }

  /** The next offset to read after all that is done; undefined while nothing is. */
  get committable(): string | undefined {
    return this.#lastDone === undefined ? undefined : (BigInt(this.#lastDone) + 1n).toString();
  }
}
