import avro from 'avsc';
import { extendType, type Tap, type TypeInternals } from './extend-type.js';

const longestKept = 16;
const slots = 256;

/**
 * Strings that remember the short ones they read last: market codes, windows and names repeat in every record,
 * and building a string from bytes costs more than recognising it. It also lets records share them in memory.
 */
export function createRepeatingStringType(): TypeInternals {
  const kept: string[] = new Array(slots).fill('');
  const plain = avro.Type.forSchema('string') as TypeInternals;

  return extendType(plain, {
    _read(tap: Tap): unknown {
      const { buf, pos } = tap;
      const prefix = buf[pos]!;
      const length = prefix >> 1;
      const start = pos + 1;
      const end = start + length;
      // An odd or long prefix is a negative length or a longer string: avsc's business.
      if (prefix & 1 || length > longestKept || end > buf.length) return plain._read(tap);
      tap.pos = end;
      let hash = length;
      for (let at = start; at < end; at++) hash = (hash * 31 + buf[at]!) | 0;
      const slot = hash & (slots - 1);
      const candidate = kept[slot]!;
      if (isSame(candidate, buf, start, length)) return candidate;
      const text = buf.utf8Slice(start, end);
      // Only text of one byte a character can be compared byte by byte.
      if (text.length === length) kept[slot] = text;
      return text;
    },
  });
}

function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
