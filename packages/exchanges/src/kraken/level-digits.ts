import { Buffer } from 'node:buffer';
import type { Levels } from '../books/levels.js';

/**
 * Reads the digits of levels as they stand in a frame's text, for the checksum: a JSON number has lost its trailing
 * zeros, and above fifteen digits more than that. Levels are taken in the order of the text.
 */
export class LevelDigits {
  readonly #scratch: Buffer = Buffer.alloc(128);
  #position = 0;

  /** Starts at the first level after `"bids"` or `"asks"`, whichever is asked for. */
  seek(key: '"bids"' | '"asks"', text: string, from: number): void {
    const found = text.indexOf(key, from);
    this.#position = found < 0 ? text.length : found;
  }

  /** Fills `levels.texts` with price digits and size digits, without point and leading zeros. */
  read(levels: Levels, text: string): void {
    for (let i = 0; i < levels.length; i += 1) {
      const start = this.#position;
      const priced = this.#token(text, '"price"', start, 0);
      const afterPrice = this.#position;
      const sized = this.#token(text, '"qty"', start, priced);
      this.#position = Math.max(afterPrice, this.#position);
      levels.texts.push(this.#scratch.toString('latin1', 0, sized));
    }
  }

  /** Appends a number's digits to the scratch at `length`; answers the new length. */
  #token(text: string, key: string, from: number, length: number): number {
    let at = text.indexOf(key, from);
    if (at < 0) return length;
    at += key.length;
    while (isBlankOrColon(text.charCodeAt(at))) at += 1;
    let end = length;
    for (; end < this.#scratch.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 46) continue;
      if (!(code >= 48 && code <= 57)) break;
      if (code === 48 && end === length) continue;
      this.#scratch[end] = code;
      end += 1;
    }
    this.#position = at;
    return end;
  }
}

const isBlankOrColon = (code: number): boolean => code === 58 || code <= 32;
