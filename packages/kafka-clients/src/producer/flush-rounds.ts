/** Knows when everything accepted before a `flush` has been decided, while newer messages keep coming. */
export class FlushRounds {
  #round = 0;
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
    this.#open.set(this.#round, (this.#open.get(this.#round) ?? 0) + 1);
  }

  decided(round: number): void {
    const left = (this.#open.get(round) ?? 0) - 1;
    if (left > 0) {
      this.#open.set(round, left);
      return;
    }
    this.#open.delete(round);
    if (this.#waiting.length > 0) this.#settle();
  }

  /** Resolves when every message accepted so far is decided. */
  wait(): Promise<void> {
    const until = this.#round;
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
