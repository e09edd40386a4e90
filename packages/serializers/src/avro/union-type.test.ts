import avro from 'avsc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAvroCodec } from './avro-codec.js';

const branches = {
  double: fc.double({ noNaN: true }),
  float: fc.float({ noNaN: true }),
  // Beyond these avsc's own bytes are wrong; see exact-long-type.ts.
  long: fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }),
  string: fc.string(),
  boolean: fc.boolean(),
} as const;

test.each(Object.keys(branches) as (keyof typeof branches)[])(
  'nullable %s has the bytes of avsc, and its values',
  (name) => {
    for (const union of [
      ['null', name],
      [name, 'null'],
    ]) {
      const codec = createAvroCodec({ schema: JSON.stringify(union), id: 0 });
      const plain = avro.Type.forSchema(union as avro.Schema);
      fc.assert(
        fc.property(fc.option<unknown>(branches[name]), (value) => {
          const message = codec.encode(value);
          expect(message.subarray(5)).toEqual(plain.toBuffer(value));
          expect(codec.decode(message)).toEqual(value);
        }),
        { numRuns: 200, seed: 3 },
      );
    }
  },
);

test('a number that is none of a nullable double is refused with its path', () => {
  const codec = createAvroCodec({ schema: '["null","double"]', id: 1 });
  for (const value of ['1', true, 1n, {}]) {
    expect(() => codec.encode(value)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  }
});

test('an ambiguous union is wrapped by the branch’s name', () => {
  const codec = createAvroCodec({ schema: '["null","int","double"]', id: 1 });
  expect(codec.decode(codec.encode({ int: 1 }))).toEqual({ int: 1 });
  expect(codec.decode(codec.encode(null))).toBeNull();
});
