import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { leastPacked, mostAtOnce, packWith } from './pack-with.js';

const half = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length >> 1);

function setUp(pack: (bytes: Buffer) => Buffer = half) {
  const used: string[] = [];
  const compress = async (bytes: Buffer): Promise<Buffer> => {
    used.push('thread');
    return pack(bytes);
  };
  const compressSmall = (bytes: Buffer): Buffer => {
    used.push('at once');
    return pack(bytes);
  };
  return { used, compress, compressSmall };
}

test.each([
  ['what is tiny is not packed', leastPacked - 1, []],
  ['what is small is packed at once', leastPacked, ['at once']],
  ['what is larger is packed by another thread', mostAtOnce + 1, ['thread']],
])('%s', async (_, size, way) => {
  const { used, ...codec } = setUp();
  const packed = await packWith(codec)(Buffer.alloc(size));
  expect(used).toEqual(way);
  expect(packed?.length).toBe(way.length === 0 ? undefined : size >> 1);
});

test('a codec that cannot do it at once packs everything on another thread', async () => {
  const { used, compress } = setUp();
  await packWith({ compress })(Buffer.alloc(leastPacked));
  expect(used).toEqual(['thread']);
});

test.each([leastPacked, mostAtOnce + 1])('%i bytes that would not get smaller are sent as they are', async (size) => {
  const { used: _, ...codec } = setUp((bytes) => Buffer.concat([bytes, Buffer.alloc(8)]));
  expect(await packWith(codec)(randomBytes(size))).toBeUndefined();
});
