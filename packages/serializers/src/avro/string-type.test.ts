import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAvroCodec } from './avro-codec.js';

const codec = createAvroCodec<string[]>({ schema: '{"type":"array","items":"string"}', id: 1 });

test('reads every string as it was written, also those that fall into the same slot', () => {
  const texts = fc.array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('', 'KRW-BTC', 'KRW-ETH', 'é', '\u00e9x')),
  );
  fc.assert(
    fc.property(texts, (list) => {
      expect(codec.decode(codec.encode(list))).toEqual(list);
    }),
    { numRuns: 2_000, seed: 7 },
  );
});

test('bytes that are no UTF-8 do not poison the strings after them', () => {
  const bad = Buffer.from([0, 0, 0, 0, 1, 4, 4, 0xff, 0x41, 4, 0xff, 0x41, 0]);
  expect(codec.decode(bad)).toEqual(['\ufffdA', '\ufffdA']);
  expect(codec.decode(codec.encode(['\u00ffA', 'AA']))).toEqual(['\u00ffA', 'AA']);
});
