/** Knows when everything accepted before a `flush` has been decided, while newer messages keep coming. */
export class FlushRounds {
  #round = 0;
  /** Messages of the current round that are undecided. */
  #openNow = 0;
  /** The same of each earlier round that is not over. */
  readonly #open = new Map<number, number>();
  #waiting: { readonly until: number; readonly done: () => void }[] = [];

  /** The round that a message accepted now belongs to. */
  get current(): number {
    return this.#round;
  }

  get waitedFor(): boolean {
    return this.#waiting.length > 0;
  }

  accepted(): void {
    this.#openNow += 1;
  }

  /** @param count messages of that round that were decided. */
  decided(round: number, count: number): void {
    if (round === this.#round) {
      this.#openNow -= count;
      return;
    }
    const left = (this.#open.get(round) ?? 0) - count;
    if (left > 0) this.#open.set(round, left);
    else this.#open.delete(round);
    if (left <= 0 && this.#waiting.length > 0) this.#settle();
  }

  /** Resolves when every message accepted so far is decided. */
  wait(): Promise<void> {
    const until = this.#round;
    if (this.#openNow > 0) this.#open.set(until, this.#openNow);
    this.#openNow = 0;
    this.#round += 1;
    return new Promise((done) => {
      this.#waiting.push({ until, done });
      this.#settle();
    });
  }

  #settle(): void {
    let oldest = Number.POSITIVE_INFINITY;
    for (const round of this.#open.keys()) oldest = Math.min(oldest, round);
    const over = this.#waiting.filter((waiter) => waiter.until < oldest);
    this.#waiting = this.#waiting.filter((waiter) => waiter.until >= oldest);
    for (const waiter of over) waiter.done();
  }
}
