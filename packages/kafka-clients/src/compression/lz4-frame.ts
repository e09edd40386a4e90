/*
 * LZ4 frames, one after the other; numbers are little-endian.
 *
 *   frame := magic u32 | FLG u8 | BD u8 | [content size u64] | [dictionary u32] | checksum u8 | block* | 0 u32 | [checksum u32]
 *   FLG   := version 2 bits | independent blocks | block checksums | content size | content checksum | reserved | dictionary
 *   BD    := reserved | largest block 3 bits: 4 is 64 KiB, each more is four times that | reserved 4 bits
 *   block := size u32, highest bit: not compressed | bytes | [checksum u32]
 *   other := magic 184D2A50 to 184D2A5F u32 | size u32 | bytes, to be skipped
 */
const MAGIC = 0x184d2204;
const SKIPPED = 0x184d2a5;

/** No byte of a block stands for more than 255 bytes. */
const MOST_PER_BYTE = 255;

/**
 * What LZ4 frames unpack to, from the sizes of their blocks: nothing is unpacked. Blocks count as full, as writers fill
 * them, and the last one, of up to 4 MiB, does not count.
 *
 * @throws RangeError when they are none
 */
export function sizeOfLz4(bytes: Buffer): number {
  let size = 0;
  let last = 0;
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at);
    if (magic >>> 4 === SKIPPED) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== MAGIC) throw new RangeError('it is no LZ4 frame');
    const flags = bytes.readUInt8(at + 4);
    const largest = 1 << (8 + 2 * ((bytes.readUInt8(at + 5) >> 4) & 7));
    const checksum = flags & 0x10 ? 4 : 0;
    at += 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
    for (;;) {
      const word = bytes.readUInt32LE(at);
      at += 4;
      if (word === 0) break;
      const packed = word & 0x7fff_ffff;
      size += last;
      last = word >>> 31 ? packed : Math.min(largest, packed * MOST_PER_BYTE);
      at += packed + checksum;
    }
    at += flags & 0x04 ? 4 : 0;
  }
  return size;
}
