import type { Acknowledged } from './acknowledged-file.js';

/** Which messages are done with: all up to a prefix, and some beyond it. */
export class AcknowledgedSequences implements Acknowledged {
  #prefix: number;
  readonly #ahead: Set<number>;

  constructor({ prefix, ahead }: Acknowledged) {
    this.#prefix = prefix;
    this.#ahead = new Set(ahead);
  }

  /** Everything up to here is acknowledged. */
  get prefix(): number {
    return this.#prefix;
  }

  /** Acknowledged beyond the prefix. */
  get ahead(): Iterable<number> {
    return this.#ahead;
  }

  has(sequence: number): boolean {
    return sequence <= this.#prefix || this.#ahead.has(sequence);
  }

  /** Whether it is new. */
  add(sequence: number): boolean {
    if (this.has(sequence)) return false;
    this.#ahead.add(sequence);
    this.#movePrefix();
    return true;
  }

  /** Everything up to a sequence is done with. */
  addAllUpTo(sequence: number): void {
    if (sequence <= this.#prefix) return;
    this.#prefix = sequence;
    for (const one of this.#ahead) if (one <= sequence) this.#ahead.delete(one);
    this.#movePrefix();
  }

  /** A note of what is not there any more says nothing. */
  dropBeyond(last: number): void {
    for (const sequence of this.#ahead) if (sequence > last) this.#ahead.delete(sequence);
  }

  #movePrefix(): void {
    while (this.#ahead.delete(this.#prefix + 1)) this.#prefix += 1;
  }
}
