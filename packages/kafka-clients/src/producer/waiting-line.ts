/** Callers that wait for room in the queue, first come first served, up to a bound. */
export class WaitingLine {
  readonly #limit: number;
  #line: (() => void)[] = [];
  #onEmpty: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#line.length;
  }

  /** Resolves when `admit` was called in turn; undefined when the line itself is full. */
  join(admit: () => void): Promise<void> | undefined {
    if (this.#line.length >= this.#limit) return undefined;
    return new Promise((resolve) => {
      this.#line.push(() => {
        admit();
        resolve();
      });
    });
  }

  shift(): (() => void) | undefined {
    const next = this.#line.shift();
    if (next && this.#line.length === 0) {
      // The last one must be admitted before whoever waits for an empty line goes on.
      const waiters = this.#onEmpty.splice(0);
      return () => {
        next();
        for (const waiter of waiters) waiter();
      };
    }
    return next;
  }

  admitAll(): void {
    for (let next = this.shift(); next; next = this.shift()) next();
  }

  emptied(): Promise<void> {
    if (this.#line.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }
}
