/** Rows of numbers: a list of a frame that was read without making its elements. Up to the next frame of the session. */
export class Rows {
  /** Keys of its elements. */
  readonly columns: readonly string[];
  #numbers: Float64Array = new Float64Array(128);
  #count = 0;

  constructor(columns: readonly string[]) {
    this.columns = columns;
  }

  get length(): number {
    return this.#count / this.columns.length;
  }

  /** Row by row; what lies beyond `length` rows is of earlier frames. */
  get numbers(): Float64Array {
    return this.#numbers;
  }

  /** Index of the column with one of these names, or -1. */
  column(name: string, otherwise: string = name): number {
    const index = this.columns.indexOf(name);
    return index < 0 ? this.columns.indexOf(otherwise) : index;
  }

  clear(): void {
    this.#count = 0;
  }

  /** Adds the next number of the row that is open, or the first of another. */
  push(value: number): void {
    const at = this.#count;
    if (at === this.#numbers.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[at] = value;
    this.#count = at + 1;
  }
}
