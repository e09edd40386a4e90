import { Buffer } from 'node:buffer';
import { DigitSlots, maxDigits, slotBytes } from '../books/digit-slots.js';
import type { Levels } from '../books/levels.js';

const priceKey = '"price"';
const sizeKey = '"qty"';

/**
 * Reads the digits of levels as they stand in a frame's text, for the checksum: a JSON number has lost its trailing
 * zeros, and above fifteen digits more than that. Levels are taken in the order of the text.
 *
 *     {"price":83001.50,"qty":0.00125000}     digits 8300150125000
 *
 * A level written as here is read in one pass; where a key is not at its place it is searched for.
 */
export class LevelDigits {
  #text = '';
  /** The frame once more, a byte a character: byte by byte it is read several times faster than the text. */
  #bytes: Buffer = Buffer.allocUnsafe(4_096);
  #position = 0;

  /** Takes the next frame. */
  open(text: string): void {
    if (text.length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(text.length * 2);
    this.#bytes.write(text, 0, 'latin1');
    this.#text = text;
    this.#position = 0;
  }

  /** Goes to the first level after a key; `from` is before it. Bids first, then asks. */
  seek(key: '"bids"' | '"asks"', from: number): void {
    // The bids were read just now, and as a rule the asks come right after them: `}],"asks":[{`.
    const behind = this.#position + 3;
    if (key === '"asks"' && behind > from && this.#text.startsWith(key, behind)) {
      this.#position = behind + key.length;
      return;
    }
    const found = this.#text.indexOf(key, from);
    this.#position = found < 0 ? this.#text.length : found + key.length;
  }

  /** Fills `levels.digits` with price digits and size digits, without point and leading zeros. */
  read(levels: Levels): void {
    const { length } = levels;
    levels.digits ??= new DigitSlots();
    levels.digits.reserve(length);
    const digits = levels.digits.bytes;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i += 1) {
      const slot = i * slotBytes;
      const start = this.#position;
      digits[slot] = 0;
      // Before a level stands `},{` or, before the first, `:[{`.
      const price = isPriceKey(bytes, start + 3) ? start + 3 : this.#text.indexOf(priceKey, start);
      const afterPrice = price < 0 ? start : this.#append(price + priceKey.length, digits, slot);
      const size = isSizeKey(bytes, afterPrice + 1) ? afterPrice + 1 : this.#text.indexOf(sizeKey, start);
      const afterSize = size < 0 ? start : this.#append(size + sizeKey.length, digits, slot);
      this.#position = Math.max(afterSize, afterPrice);
    }
  }

  /** Appends the digits of the number after the colon at `at` to the slot; answers where it ends. */
  #append(at: number, digits: Uint8Array, slot: number): number {
    const bytes = this.#bytes;
    const end = this.#text.length;
    const begin = digits[slot]!;
    let count = begin;
    let position = at;
    while (position < end && (bytes[position] === 58 || bytes[position]! <= 32)) position += 1;
    for (; position < end && count < maxDigits; position += 1) {
      const code = bytes[position]!;
      if (code >= 48 && code <= 57) {
        if (code === 48 && count === begin) continue;
        count += 1;
        digits[slot + count] = code;
      } else if (code !== 46) break;
    }
    digits[slot] = count;
    return position;
  }
}

/** Whether it is `"p…e":`, with which in its place no other key is confused. */
const isPriceKey = (bytes: Buffer, at: number): boolean =>
  bytes[at + 1] === 112 && bytes[at + 6] === 34 && bytes[at + 7] === 58;

/** Whether it is `"q…y":`. */
const isSizeKey = (bytes: Buffer, at: number): boolean =>
  bytes[at + 1] === 113 && bytes[at + 4] === 34 && bytes[at + 5] === 58;
