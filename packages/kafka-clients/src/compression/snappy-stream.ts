/*
 * Snappy as Kafka's clients write it: a bare block, or blocks in a stream.
 *
 *   block  := size when unpacked, varint | elements
 *   stream := magic 8 bytes | version u32 | oldest version that reads it u32 | (size u32 | block)*
 */
const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const HEAD = 16;

/** The blocks: Java writes a stream, librdkafka a bare block. */
export function snappyBlocks(bytes: Buffer): readonly Buffer[] {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return [bytes];
  const blocks: Buffer[] = [];
  for (let at = HEAD; at + 4 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    blocks.push(bytes.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return blocks;
}

/** What blocks say that they unpack to; what unpacks them holds them to it. */
export function sizeOfSnappy(blocks: readonly Buffer[]): number {
  return blocks.reduce((sum, block) => sum + sizeWhenUnpacked(block), 0);
}

function sizeWhenUnpacked(block: Buffer): number {
  let size = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block.readUInt8(index);
    size += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return size;
  }
  throw new RangeError('it is no Snappy block');
}
