import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { loadCodec, type Packing } from '../compression/codecs.js';
import { compressionTypes, registerInstalledCodecs } from './registered-codecs.js';
import { unpack } from './unpack.js';

const compressions = ['gzip', 'lz4', 'snappy', 'zstd'] as const;
const mebibyte = 1024 * 1024;

beforeAll(() => registerInstalledCodecs());

const pack = async (compression: Packing, bytes: Buffer): Promise<Buffer> =>
  (await loadCodec(compression)).compress(bytes);

test.each(compressions)('%s unpacks to the bound and no further', async (compression) => {
  const type = compressionTypes[compression];
  const zeros = Buffer.alloc(mebibyte);
  const packed = await pack(compression, zeros);
  expect(packed.length).toBeLessThan(mebibyte / 20);
  expect((await unpack(type, packed, mebibyte)).equals(zeros)).toBe(true);
  await expect(unpack(type, packed, mebibyte - 1)).rejects.toThrow(`it unpacks to more than ${mebibyte - 1} bytes`);
});

test.each(compressions)('%s never takes too little for too much', async (compression) => {
  const type = compressionTypes[compression];
  const arbitrary = fc.tuple(fc.nat(300_000), fc.nat(255), fc.integer({ min: 1, max: 2_000 }));
  await fc.assert(
    fc.asyncProperty(arbitrary, async ([length, byte, noise]) => {
      const bytes = Buffer.concat([Buffer.alloc(length, byte), randomBytes(noise)]);
      const unpacked = await unpack(type, await pack(compression, bytes), bytes.length);
      expect(unpacked.equals(bytes)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test.each(compressions)('%s that is damaged or cut is an error, whatever the bytes', async (compression) => {
  const type = compressionTypes[compression];
  const packed = await pack(compression, randomBytes(5_000));
  await expect(unpack(type, packed.subarray(0, packed.length >> 1), mebibyte)).rejects.toBeInstanceOf(Error);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (noise) => {
      const result = await unpack(type, Buffer.from(noise), mebibyte).catch((error: unknown) => error);
      expect(result instanceof Error || (result as Buffer).length <= mebibyte).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('a bomb of a gigabyte costs no more than its bound', async () => {
  const tenth = gzipSync(Buffer.alloc(100 * mebibyte));
  // Members of a gzip file stand one after the other.
  const bomb = Buffer.concat(Array.from({ length: 10 }, () => tenth));
  const before = process.resourceUsage().maxRSS;
  await expect(unpack(compressionTypes.gzip, bomb, mebibyte)).rejects.toThrow('more than 1048576 bytes');
  expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(100);
});

test('a compression that nobody knows is damage', async () => {
  await expect(unpack(7, Buffer.alloc(3), mebibyte)).rejects.toThrow('compression 7 is none that is known');
});
