/** Callers that wait for room in the queue, first come first served, up to a bound. */
export class WaitingLine {
  readonly #limit: number;
  readonly #line: (() => void)[] = [];

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
    return this.#line.shift();
  }

  admitAll(): void {
    for (let next = this.shift(); next; next = this.shift()) next();
  }

  /** Resolves when everybody who stands in it now was admitted; others may have come meanwhile. */
  passed(): Promise<void> {
    const last = this.#line.pop();
    if (!last) return Promise.resolve();
    return new Promise((resolve) => {
      this.#line.push(() => {
        last();
        resolve();
      });
    });
  }
}
