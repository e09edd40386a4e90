import { isObject } from './json.js';
import type { Rows } from './rows.js';

const comma = 44;
const point = 46;
const zero = 48;
const nine = 57;
const closingBracket = 93;

/** Digits and a point up to this length make a double by one exact division. */
const fewCharacters = 16;

/** Powers of ten that a double holds exactly. */
const powersOfTen: readonly number[] = Array.from({ length: fewCharacters }, (_, exponent) => 10 ** exponent);

/** A key with its quotes, or a plain decimal. */
const token = /"\w{1,32}"(?=\s*:)|\d+(?:\.\d+)?/g;

/**
 * How the elements of a list are written that are objects of plain decimals, quoted or not: keys, quotes and white
 * space, which are the same in each of them.
 */
export class RowForm {
  /** Keys, in the order of the text. */
  readonly columns: readonly string[];
  /** What stands before each value and, last, behind them all. */
  readonly #between: readonly Uint8Array[];

  private constructor(columns: readonly string[], between: readonly string[]) {
    this.columns = columns;
    this.#between = between.map((part) => Buffer.from(part));
  }

  /** The form of a list's first element, which `JSON.parse` made of what the text begins with. */
  static of(element: unknown, text: string): RowForm | undefined {
    if (!isObject(element)) return undefined;
    const row = text.slice(0, text.indexOf('}') + 1);
    const columns: string[] = [];
    const between: string[] = [];
    let from = 0;
    for (const { 0: found, index } of row.matchAll(token)) {
      if (found.startsWith('"')) {
        columns.push(found.slice(1, -1));
      } else {
        between.push(row.slice(from, index));
        from = index + found.length;
      }
    }
    between.push(row.slice(from));
    // With keys and decimals taken away only what holds them together may be left: no sign, no exponent, no escape.
    const isPlain = /^\s*\{[\s:,"]*\}$/.test(row.replace(token, ''));
    const isWhole = columns.length === between.length - 1 && columns.join() === Object.keys(element).join();
    return isPlain && isWhole && columns.length > 0 ? new RowForm(columns, between) : undefined;
  }

  /**
   * Reads the elements of a list whose bracket was opened before `from`; answers where the frame goes on behind the
   * closing one, or -1 when an element has another form. In bytes: a character of a string takes three times as long.
   */
  read(data: Buffer, from: number, into: Rows): number {
    const between = this.#between;
    const last = between.length - 1;
    into.clear();
    let at = from;
    for (;;) {
      for (let part = 0; part <= last; part += 1) {
        const expected = between[part]!;
        for (let i = 0; i < expected.length; i += 1) if (data[at + i] !== expected[i]) return -1;
        at += expected.length;
        if (part === last) break;
        const start = at;
        let digits = 0;
        let pointAt = -1;
        for (; ; at += 1) {
          const code = data[at]!;
          if (code >= zero && code <= nine) digits = digits * 10 + (code - zero);
          else if (code === point && pointAt < 0) pointAt = at;
          else break;
        }
        const whole = (pointAt < 0 ? at : pointAt) - start;
        // As JSON wants it: digits on both sides of a point, and no zero before others.
        if (whole === 0 || pointAt === at - 1 || (whole > 1 && data[start] === zero)) return -1;
        if (at - start > fewCharacters) digits = Number(data.toString('latin1', start, at));
        else if (pointAt >= 0) digits /= powersOfTen[at - pointAt - 1]!;
        if (digits === Number.POSITIVE_INFINITY) return -1;
        into.push(digits);
      }
      const code = data[at];
      at += 1;
      if (code === closingBracket) return at;
      if (code !== comma) return -1;
    }
  }
}
