/** A transaction that was aborted; consumers that read committed data skip its records. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the abort marker. */
  readonly lastOffset: number;
}

/** Which transactions of a partition are open and which were aborted. */
export class TransactionIndex {
  readonly #open = new Map<number, number>();
  #aborted: AbortedTransaction[] = [];

  /** Notes a transactional batch; only a producer's first one since its last marker counts. */
  note(producerId: number, offset: number): void {
    if (!this.#open.has(producerId)) this.#open.set(producerId, offset);
  }

  isOpen(producerId: number): boolean {
    return this.#open.has(producerId);
  }

  close(producerId: number, markerOffset: number, committed: boolean): void {
    const firstOffset = this.#open.get(producerId);
    this.#open.delete(producerId);
    if (firstOffset !== undefined && !committed)
      this.#aborted.push({ producerId, firstOffset, lastOffset: markerOffset });
  }

  /** First offset of the oldest open transaction: readers of committed data stop before it. */
  firstOpenOffset(): number | undefined {
    let first: number | undefined;
    for (const offset of this.#open.values()) if (first === undefined || offset < first) first = offset;
    return first;
  }

  /** Producers with an open transaction. */
  openProducers(): readonly number[] {
    return [...this.#open.keys()];
  }

  abortedBetween(offset: number, endOffset: number): readonly AbortedTransaction[] {
    return this.#aborted.filter((each) => each.lastOffset >= offset && each.firstOffset < endOffset);
  }

  /** Forgets what lies wholly before the log's start. */
  truncateBefore(offset: number): void {
    if (this.#aborted.length > 0) this.#aborted = this.#aborted.filter((each) => each.lastOffset >= offset);
  }
}
