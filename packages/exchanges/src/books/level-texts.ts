import type { BookSide } from './book-side.js';
import type { LevelColumn } from './level-column.js';
import type { Levels } from './levels.js';

/** The text `price:size` of each level: as it was sent, or made of the numbers when a checksum first asks for it. */
export class LevelTexts implements LevelColumn {
  readonly #texts: (string | undefined)[] = [];
  /** -1 where such a text has sizes below 0. */
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  open(at: number, length: number): void {
    this.#texts.length = length;
    this.#texts.splice(at, 0, undefined);
  }

  close(at: number, length: number): void {
    this.#texts.length = length;
    this.#texts.splice(at, 1);
  }

  drop(count: number, length: number): void {
    this.#texts.length = length;
    this.#texts.splice(0, count);
  }

  set(at: number, frame: Levels, index: number): void {
    this.#texts[at] = frame.texts[index];
  }

  /** The text of the level at a position of `side`. */
  at(at: number, side: BookSide): string {
    const text = this.#texts[at] ?? `${side.priceAt(at)}:${side.sizeAt(at) * this.#sign}`;
    this.#texts[at] = text;
    return text;
  }
}
