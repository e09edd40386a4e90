import { powersOfTen } from './numbers.js';

/** Longest frame whose shape is learned: what is read keeps the frame's text alive, and books do not repeat anyway. */
const longest = 4 * 1024;

/** Most values in a shape. */
const mostValues = 64;

/** A string and, behind it, the colon that makes it a key; a number; a word. */
const token = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*|true|false|null/g;

/** What may stand between values: structure, and keys that mean to JavaScript what they mean to JSON. */
const structure = /^(?:[ \t\r\n{}[\],]|"(?!__proto__")\w+"[ \t\r\n]*:)*$/;

/** Characters that decide how a value goes on. */
const quote = 34;
const minus = 45;
const point = 46;
const zero = 48;
const nine = 57;
const backslash = 92;

/**
 * What frames that differ in their values only have in common.
 *
 * `JSON.parse` looks up every string of ten characters or less in a table that all of the process shares, and puts it
 * there for good, or until a full collection, when it is new. Exchanges send prices and amounts as such strings, nearly
 * all of them new: that costs several times what reading the frame does. Where the keys and the structure are known,
 * reading is comparing them and cutting the values out between.
 */
export class FrameShape {
  /** The text before the first value, between each two, and behind the last. */
  readonly #between: readonly string[];
  readonly #build: (values: readonly unknown[]) => unknown;
  readonly #values: unknown[];
  /** Where the value that is being read begins, and then where it ends. */
  #at = 0;

  private constructor(between: readonly string[], build: (values: readonly unknown[]) => unknown) {
    this.#between = between;
    this.#build = build;
    this.#values = new Array(between.length - 1).fill(null);
  }

  /**
   * The shape of a text that `JSON.parse` has read; undefined when it is not worth learning. That is one of which two
   * thirds are numbers and words, on which `JSON.parse` is as fast, and one that is long or has unusual keys.
   */
  static of(text: string): FrameShape | undefined {
    if (text.length > longest) return undefined;
    const between: string[] = [];
    let strings = 0;
    let from = 0;
    for (const { 0: found, 1: colon, index } of text.matchAll(token)) {
      if (colon !== undefined) continue;
      between.push(text.slice(from, index));
      from = index + found.length;
      if (found.startsWith('"')) strings += 1;
    }
    if (between.length > mostValues || strings * 3 < between.length || strings === 0) return undefined;
    between.push(text.slice(from));
    // It becomes code: nothing may be in it but brackets, commas and harmless keys.
    if (!between.every((part) => structure.test(part))) return undefined;
    const source = between.map((part, index) => (index === 0 ? part : `v[${index - 1}]${part}`)).join('');
    try {
      return new FrameShape(
        between,
        new Function('v', `return (${source});`) as (values: readonly unknown[]) => unknown,
      );
    } catch {
      // Code may not be made of text in this process, or brackets are nested too deep for it.
      return undefined;
    }
  }

  /** What `JSON.parse` makes of the text, if it has this shape and its values are plain; otherwise undefined. */
  read(text: string): unknown {
    const between = this.#between;
    const values = this.#values;
    const last = values.length;
    let at = 0;
    for (let index = 0; ; index += 1) {
      const part = between[index]!;
      const { length } = part;
      for (let offset = 0; offset < length; offset += 1) {
        if (text.charCodeAt(at + offset) !== part.charCodeAt(offset)) return undefined;
      }
      at += length;
      if (index === last) return at === text.length ? this.#build(values) : undefined;
      this.#at = at;
      const value = this.#value(text);
      if (value === undefined) return undefined;
      values[index] = value;
      at = this.#at;
    }
  }

  #value(text: string): unknown {
    const code = text.charCodeAt(this.#at);
    if (code === quote) return this.#string(text);
    if (code === minus || (code >= zero && code <= nine)) return this.#number(text);
    if (text.startsWith('true', this.#at)) return this.#word(4, true);
    if (text.startsWith('false', this.#at)) return this.#word(5, false);
    return text.startsWith('null', this.#at) ? this.#word(4, null) : undefined;
  }

  #word(length: number, value: boolean | null): boolean | null {
    this.#at += length;
    return value;
  }

  /** Undefined for one with an escape, which is seldom, or with a control character, which is none. */
  #string(text: string): string | undefined {
    const from = this.#at + 1;
    let to = from;
    for (let code = text.charCodeAt(to); code !== quote; code = text.charCodeAt(to)) {
      // Behind the end of the text a code is NaN.
      if (code === backslash || !(code >= 32)) return undefined;
      to += 1;
    }
    this.#at = to + 1;
    return text.slice(from, to);
  }

  /** Undefined for one with an exponent, or that JSON does not allow, such as `01`, `1.` and `-`. */
  #number(text: string): number | undefined {
    const negative = text.charCodeAt(this.#at) === minus;
    const from = negative ? this.#at + 1 : this.#at;
    let to = from;
    let digits = 0;
    let pointAt = -1;
    for (; ; to += 1) {
      const code = text.charCodeAt(to);
      if (code >= zero && code <= nine) digits = digits * 10 + (code - zero);
      else if (code === point && pointAt < 0) pointAt = to;
      else break;
    }
    const whole = (pointAt < 0 ? to : pointAt) - from;
    const decimals = pointAt < 0 ? 0 : to - pointAt - 1;
    if (whole === 0 || (pointAt >= 0 && decimals === 0)) return undefined;
    if (whole > 1 && text.charCodeAt(from) === zero) return undefined;
    this.#at = to;
    // As in `toNumber`: one division of integers that doubles hold exactly gives the nearest double.
    const amount = to - from <= 16 ? digits / powersOfTen[decimals]! : Number(text.slice(from, to));
    return negative ? -amount : amount;
  }
}
