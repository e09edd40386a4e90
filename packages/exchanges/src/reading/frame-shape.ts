import { toNumber } from './numbers.js';

/** Longest frame that is read by a shape, in characters: what is cut out of it may keep all of its text alive. */
const longest = 4 * 1024;

/** Most values in a shape. */
const mostValues = 64;

/** A string and, behind it, the colon that makes it a key; a number; a word. */
const token = /"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*|true|false|null/g;

/** What may stand between values: structure, and keys that mean to JavaScript what they mean to JSON. */
const structure = /^(?:[ \t\r\n{}[\],]|"(?!__proto__")\w+"[ \t\r\n]*:)*$/;

/** How values are found and what they are made of: strings without escapes, numbers without exponents, words. */
const plainString = { pattern: '"([^"\\\\\\x00-\\x1f]*)"', read: '' };
const plainNumber = { pattern: '(-?(?:0|[1-9]\\d*)(?:\\.\\d+)?)', read: 'number' };
const word = { pattern: '(true|false|null)', read: 'word' };

const numberOf = (text: string): number => (text.length > 16 ? Number(text) : toNumber(text));
const wordOf = (text: string): boolean | null => (text === 'null' ? null : text === 'true');

type Build = (values: RegExpExecArray, number: typeof numberOf, word: typeof wordOf) => unknown;

/**
 * What frames that differ in their values only have in common.
 *
 * `JSON.parse` looks up every string of ten characters or less in a table that all of the process shares, and puts it
 * there for good, or until a full collection, when it is new. Exchanges send prices and amounts as such strings, nearly
 * all of them new: that costs several times what reading the frame does. Where the keys and the structure are known,
 * reading is comparing them and cutting the values out between.
 */
export class FrameShape {
  readonly #form: RegExp;
  readonly #build: Build;

  private constructor(form: RegExp, build: Build) {
    this.#form = form;
    this.#build = build;
  }

  /**
   * The shape of a text that `JSON.parse` has read; undefined when it is not worth learning: long, with unusual keys, or with
   * twice as many numbers and words as strings, which `JSON.parse` reads as fast or faster, depending on the version.
   */
  static of(text: string): FrameShape | undefined {
    if (text.length > longest) return undefined;
    let form = '^';
    let code = '';
    let from = 0;
    let values = 0;
    let strings = 0;
    const pass = (to?: number): boolean => {
      const part = text.slice(from, to);
      form += part.replace(/[{}[\]]/g, '\\$&');
      code += part;
      // It becomes code: nothing may be in it but brackets, commas and harmless keys.
      return structure.test(part);
    };
    for (const { 0: found, 1: colon, index } of text.matchAll(token)) {
      if (colon !== undefined) continue;
      if (!pass(index)) return undefined;
      from = index + found.length;
      values += 1;
      if (found.startsWith('"')) strings += 1;
      const kind = found.startsWith('"') ? plainString : /^[a-z]/.test(found) ? word : plainNumber;
      form += kind.pattern;
      code += `${kind.read}(v[${values}])`;
    }
    if (!pass() || values > mostValues || strings === 0 || strings * 3 < values) return undefined;
    try {
      return new FrameShape(new RegExp(`${form}$`), new Function('v', 'number', 'word', `return (${code});`) as Build);
    } catch {
      // Code may not be made of text in this process, or brackets are nested too deep for it.
      return undefined;
    }
  }

  /** What `JSON.parse` makes of the text, if it has this shape and its values are plain; otherwise undefined. */
  read(text: string): unknown {
    if (text.length > longest) return undefined;
    const values = this.#form.exec(text);
    return values === null ? undefined : this.#build(values, numberOf, wordOf);
  }
}
