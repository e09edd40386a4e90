/**
 * Reads integers that a JSON number cannot hold. `JSON.parse` rounds beyond 2^53; then, and only then, the digits are
 * looked up in the frame's text, so ordinary ids cost nothing and no slower parser is needed.
 */
export class IdReader {
  readonly #needle: string;
  #position = 0;
  #frame: object | undefined;

  constructor(key: string) {
    this.#needle = `"${key}"`;
  }

  /**
   * The id of the next element whose parsed value is `value`, digit for digit; undefined when it is no id.
   * Elements are asked for in the order of the text; `frame` is any object that is the same for one frame only.
   */
  next(value: unknown, text: string, frame: object): string | undefined {
    if (typeof value === 'string') return value.length > 0 && value.length <= 64 ? value : undefined;
    if (typeof value !== 'number') return undefined;
    if (Number.isSafeInteger(value)) return value >= 0 ? String(value) : undefined;
    if (frame !== this.#frame) {
      this.#frame = frame;
      this.#position = 0;
    }
    return this.#fromText(value, text);
  }

  #fromText(value: number, text: string): string | undefined {
    for (;;) {
      const found = text.indexOf(this.#needle, this.#position);
      if (found < 0) return undefined;
      let at = skipBlanks(text, found + this.#needle.length);
      this.#position = at;
      if (text.charCodeAt(at) !== 58) continue; // the needle was a value, not a key
      at = skipBlanks(text, at + 1);
      let end = at;
      while (isDigit(text.charCodeAt(end))) end += 1;
      this.#position = end;
      if (end === at || text.charCodeAt(at) === 48) continue; // no JSON number begins with 0 and has more digits
      const digits = text.slice(at, end);
      if (Number(digits) !== value) continue; // an element passed over, or 1e20: not this one
      return ownText(text, at, end);
    }
  }
}

/**
 * A part of the text as a string of its own. A slice of thirteen characters or more would be a view of the frame and
 * keep all of it alive for as long as the record lives; shorter ones are copied.
 */
function ownText(text: string, from: number, to: number): string {
  let own = '';
  for (let at = from; at < to; at += 12) own += text.slice(at, Math.min(at + 12, to));
  return own;
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}
