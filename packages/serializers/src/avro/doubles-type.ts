import { extendType, type Tap, type TypeInternals, viewOf } from './extend-type.js';

/** Counts below it are one byte on the wire. */
const shortCount = 64;

/**
 * An array of doubles that is written without a call for each number. Order books are made of pairs: 1.3 µs for
 * one of 30 levels a side, where avsc takes 2.2.
 */
export function fastDoubles(array: TypeInternals): TypeInternals {
  return extendType(array, {
    _write(tap: Tap, value: unknown): void {
      if (!Array.isArray(value) || value.length === 0 || value.length >= shortCount) {
        array._write(tap, value);
        return;
      }
      const { length } = value;
      const { buf, pos } = tap;
      const end = pos + 2 + length * 8;
      // Like avsc: a position past the end tells the caller how much is missing.
      if (end <= buf.length) {
        const view = viewOf(tap);
        buf[pos] = length * 2;
        let at = pos + 1;
        for (let index = 0; index < length; index++) {
          const number = value[index];
          if (typeof number !== 'number') {
            array._write(tap, value);
            return;
          }
          view.setFloat64(at, number, true);
          at += 8;
        }
        buf[at] = 0;
      }
      tap.pos = end;
    },
  });
}
