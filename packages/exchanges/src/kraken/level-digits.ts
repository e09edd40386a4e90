import { DigitSlots, maxDigits, slotBytes } from '../books/digit-slots.js';
import type { Levels } from '../books/levels.js';

const priceKey = '"price":';
const sizeKey = '"qty":';

/**
 * Reads the digits of levels as they stand in a frame's text, for the checksum: a JSON number has lost its trailing
 * zeros, and above fifteen digits more than that. Levels are taken in the order of the text.
 *
 *     {"price":83001.50,"qty":0.00125000}     digits 8300150125000
 *
 * A level written as here is read in one pass; where a key is not at its place it is searched for.
 */
export class LevelDigits {
  #position = 0;

  /** Goes to the first level after a key; `from` is before it. Bids first, then asks. */
  seek(key: '"bids"' | '"asks"', text: string, from: number): void {
    // The bids were read just now, and as a rule the asks come right after them: `}],"asks":[{`.
    const behind = this.#position + 3;
    if (key === '"asks"' && behind > from && text.startsWith(key, behind)) {
      this.#position = behind + key.length;
      return;
    }
    const found = text.indexOf(key, from);
    this.#position = found < 0 ? text.length : found + key.length;
  }

  /** Fills `levels.digits` with price digits and size digits, without point and leading zeros. */
  read(levels: Levels, text: string): void {
    const { length } = levels;
    levels.digits ??= new DigitSlots();
    levels.digits.reserve(length);
    const digits = levels.digits.bytes;
    for (let i = 0; i < length; i += 1) {
      const slot = i * slotBytes;
      const start = this.#position;
      digits[slot] = 0;
      // Before a level stands `},{` or, before the first, `:[{`.
      const price = isPriceKey(text, start + 3) ? start + 3 : keyAfter(text, priceKey, start);
      const afterPrice = price < 0 ? start : appendNumber(text, price + priceKey.length, digits, slot);
      const size = isSizeKey(text, afterPrice + 1) ? afterPrice + 1 : keyAfter(text, sizeKey, start);
      const afterSize = size < 0 ? start : appendNumber(text, size + sizeKey.length, digits, slot);
      this.#position = Math.max(afterSize, afterPrice);
    }
  }
}

/** Where a key stands, at or after `from`; its colon may come after blanks. -1 where there is none. */
const keyAfter = (text: string, key: string, from: number): number => text.indexOf(key.slice(0, -1), from);

/** Appends the digits of the number at `at` to the slot; answers where it ends. */
function appendNumber(text: string, at: number, digits: Uint8Array, slot: number): number {
  const begin = digits[slot]!;
  let count = begin;
  let position = at;
  let code = text.charCodeAt(position);
  while (code === 58 || code <= 32) {
    position += 1;
    code = text.charCodeAt(position);
  }
  while (count < maxDigits) {
    if (code >= 48 && code <= 57) {
      if (code !== 48 || count !== begin) {
        count += 1;
        digits[slot + count] = code;
      }
    } else if (code !== 46) break;
    position += 1;
    code = text.charCodeAt(position);
  }
  digits[slot] = count;
  return position;
}

/** Whether it is `"p…e":`, with which in its place no other key is confused. */
const isPriceKey = (text: string, at: number): boolean =>
  text.charCodeAt(at + 1) === 112 && text.charCodeAt(at + 6) === 34 && text.charCodeAt(at + 7) === 58;

/** Whether it is `"q…y":`. */
const isSizeKey = (text: string, at: number): boolean =>
  text.charCodeAt(at + 1) === 113 && text.charCodeAt(at + 4) === 34 && text.charCodeAt(at + 5) === 58;
