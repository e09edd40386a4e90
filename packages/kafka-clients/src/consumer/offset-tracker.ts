interface Delivered {
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
  #committable: string | undefined;

  /** Records are delivered in the order of their offsets. The answer marks this one done. */
  deliver(offset: string): () => void {
    const entry: Delivered = { offset, done: false };
    this.#delivered.push(entry);
    return () => {
      entry.done = true;
      this.#advance();
    };
  }

  /** Records delivered and not yet behind the committable offset. */
  get open(): number {
    return this.#delivered.length - this.#head;
  }

  /** The next offset to read after all that is done; undefined while nothing is. */
  get committable(): string | undefined {
    return this.#committable;
  }

  #advance(): void {
    let last: string | undefined;
    while (this.#head < this.#delivered.length && this.#delivered[this.#head]!.done) {
      last = this.#delivered[this.#head]!.offset;
      this.#head += 1;
    }
    if (last === undefined) return;
    this.#committable = next(last);
    if (this.#head === this.#delivered.length || this.#head > 1_024) {
      this.#delivered = this.#delivered.slice(this.#head);
      this.#head = 0;
    }
  }
}

const next = (offset: string): string => {
  const number = Number(offset);
  return Number.isSafeInteger(number + 1) ? String(number + 1) : String(BigInt(offset) + 1n);
};
