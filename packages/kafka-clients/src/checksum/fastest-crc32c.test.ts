import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from './crc32c.js';
import { fastestCrc32c, loadNative } from './fastest-crc32c.js';

test('the native package is there to be compared with', () => {
  expect(loadNative()).toBeTypeOf('function');
});

test('computes what the JavaScript does, of any part of any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.nat(600), fc.nat(600), (bytes, before, after) => {
      const memory = Buffer.concat([Buffer.alloc(before, 7), bytes, Buffer.alloc(after, 9)]);
      const to = before + bytes.length;
      expect(fastestCrc32c(memory, before, to)).toBe(crc32c(memory, before, to));
    }),
    { seed: 20_261_126 },
  );
});

test('a native package that is absent, or computes something else, is not used', () => {
  const absent = (): never => {
    throw new Error("Cannot find package '@node-rs/crc32'");
  };
  expect(loadNative(absent)).toBeNull();
  expect(loadNative(() => ({ crc32c: () => 0 }))).toBeNull();
  expect(loadNative(() => ({}))).toBeNull();
});
