import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAvroCodec } from './avro-codec.js';

const numbers = createAvroCodec<number>({ schema: '"long"', id: 1 });
const bigints = createAvroCodec<bigint>({ schema: '"long"', id: 1, longs: 'bigint' });

test.each([2 ** 52 - 1, 2 ** 52, 2 ** 52 + 1, 2 ** 53 - 2, -(2 ** 52), -(2 ** 52) - 1, -(2 ** 53) + 2])(
  'the long %d survives',
  (value) => {
    expect(numbers.decode(numbers.encode(value))).toBe(value);
  },
);

test('every exact long has the same bytes as a number and as a BigInt', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 53) + 2, max: 2 ** 53 - 2 }), (value) => {
      const message = numbers.encode(value);
      expect(message).toEqual(bigints.encode(BigInt(value)));
      expect(numbers.decode(message)).toBe(value);
      expect(bigints.decode(message)).toBe(BigInt(value));
    }),
    { numRuns: 5_000, seed: 11 },
  );
});

test('refuses numbers that are not exact, and fractions', () => {
  for (const value of [2 ** 53, -(2 ** 53), 2 ** 53 - 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => numbers.encode(value)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  }
});
