import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from './crc32c.js';

const stock = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number;

test('gives the check value of CRC-32C', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

test('equals stock at every length and alignment', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(7), fc.nat(20), (bytes, shift, cut) => {
      const memory = Buffer.alloc(bytes.length + shift);
      memory.set(bytes, shift);
      const from = Math.min(cut, bytes.length);
      expect(crc32c(memory.subarray(shift), from)).toBe(stock(Buffer.from(bytes.subarray(from))) >>> 0);
    }),
  );
});
