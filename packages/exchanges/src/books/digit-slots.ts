import type { LevelColumn } from './level-column.js';
import type { Levels } from './levels.js';

const wordsPerSlot = 12;

/** Bytes of a slot: the number of digits, then the digits in ASCII. Price and size together rarely have thirty. */
export const slotBytes: number = wordsPerSlot * 4;

/** Most digits a slot holds. What is longer is cut, and shows as a wrong checksum. */
export const maxDigits: number = slotBytes - 1;

/** The digits of each level's price and size, one slot of bytes a level: moved and copied without making strings. */
export class DigitSlots implements LevelColumn {
  #words: Int32Array = new Int32Array(0);
  #bytes: Uint8Array = new Uint8Array(this.#words.buffer);

  /** The slots; only up to the next `reserve`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Makes room for this many levels. */
  reserve(levels: number): void {
    const words = levels * wordsPerSlot;
    if (words <= this.#words.length) return;
    const larger = new Int32Array(Math.max(words, this.#words.length * 2, 64 * wordsPerSlot));
    larger.set(this.#words);
    this.#words = larger;
    this.#bytes = new Uint8Array(larger.buffer);
  }

  open(at: number, length: number): void {
    this.reserve(length + 1);
    this.#words.copyWithin((at + 1) * wordsPerSlot, at * wordsPerSlot, length * wordsPerSlot);
  }

  close(at: number, length: number): void {
    this.#words.copyWithin(at * wordsPerSlot, (at + 1) * wordsPerSlot, length * wordsPerSlot);
  }

  drop(count: number, length: number): void {
    this.#words.copyWithin(0, count * wordsPerSlot, length * wordsPerSlot);
  }

  set(at: number, { digits }: Levels, index: number): void {
    this.reserve(at + 1);
    if (digits === undefined) {
      this.#bytes[at * slotBytes] = 0;
      return;
    }
    const from = index * wordsPerSlot;
    const to = at * wordsPerSlot;
    const words = digits.#words;
    const used = (digits.#bytes[index * slotBytes]! >> 2) + 1;
    for (let i = 0; i < used; i += 1) this.#words[to + i] = words[from + i]!;
  }

  /** Copies the digits of the last `count` of `length` levels, the last first, to `at`; answers where they end. */
  copyLast(count: number, length: number, into: Uint8Array, at: number): number {
    const bytes = this.#bytes;
    let end = at;
    for (let level = length - 1; level >= 0 && level >= length - count; level -= 1) {
      const from = level * slotBytes + 1;
      const digits = bytes[from - 1]!;
      for (let i = 0; i < digits; i += 1) into[end + i] = bytes[from + i]!;
      end += digits;
    }
    return end;
  }

  /** A copy of the first `count` slots. */
  copy(count: number): DigitSlots {
    const copy = new DigitSlots();
    copy.reserve(count);
    copy.#words.set(this.#words.subarray(0, count * wordsPerSlot));
    return copy;
  }
}
