import avro from 'avsc';
import { extendType, type Tap, type TypeInternals } from './extend-type.js';

// avsc doubles a long for its zigzag form in floating point, and from 2^52 on the double has no room for the
// last bit: -(2^52 + 1) comes back as 2^52.
const mostPlain = 2 ** 52 - 1;
const mostExact = 9_007_199_254_740_990;

/** Longs as numbers, exact in the whole range that avsc accepts: ±(2^53 − 2). */
export function createExactLongType(): TypeInternals {
  const plain = avro.Type.forSchema('long') as TypeInternals;
  return extendType(plain, {
    _write(tap: Tap, value: unknown) {
      const isLarge = typeof value === 'number' && Math.abs(value) > mostPlain && Math.abs(value) <= mostExact;
      if (isLarge && Number.isInteger(value)) writeZigzag(tap, BigInt(value));
      else plain._write(tap, value);
    },
    _read(tap: Tap): unknown {
      const start = tap.pos;
      const value = tap.readLong();
      if (Math.abs(value) <= mostPlain) return value;
      tap.pos = start;
      const exact = readZigzag(tap);
      if (exact > mostExact || exact < -mostExact) throw new Error('potential precision loss');
      return Number(exact);
    },
  });
}

function writeZigzag(tap: Tap, value: bigint): void {
  let rest = value >= 0n ? value << 1n : (-value << 1n) - 1n;
  for (; rest > 0x7fn; rest >>= 7n) tap.buf[tap.pos++] = Number(rest & 0x7fn) | 0x80;
  tap.buf[tap.pos++] = Number(rest);
}

function readZigzag(tap: Tap): bigint {
  let zigzag = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = tap.buf[tap.pos++] ?? 0;
    zigzag |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return (zigzag >> 1n) ^ -(zigzag & 1n);
  }
}
