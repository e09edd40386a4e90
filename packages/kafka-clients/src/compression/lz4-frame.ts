import { type FrameFormat, sizeOfFrames } from './frames.js';

/** No byte of a block stands for more than 255 bytes. */
const MOST_PER_BYTE = 255;

/*
 * Numbers are little-endian.
 *
 *   frame := magic u32 | FLG u8 | BD u8 | [content size u64] | [dictionary u32] | checksum u8 | block* | 0 u32 | [checksum u32]
 *   FLG   := version 2 bits | independent blocks | block checksums | content size | content checksum | reserved | dictionary
 *   BD    := reserved | largest block 3 bits: 4 is 64 KiB, each more is four times that | reserved 4 bits
 *   block := size u32, highest bit: not compressed | bytes | [checksum u32]
 */
const format: FrameFormat = {
  name: 'LZ4',
  magic: 0x184d2204,
  walk(bytes, from, onBlock) {
    const flags = bytes.readUInt8(from + 4);
    const largest = 1 << (8 + 2 * ((bytes.readUInt8(from + 5) >> 4) & 7));
    const checksum = flags & 0x10 ? 4 : 0;
    let at = from + 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0);
    for (;;) {
      const word = bytes.readUInt32LE(at);
      at += 4;
      if (word === 0) return at + (flags & 0x04 ? 4 : 0);
      const packed = word & 0x7fff_ffff;
      onBlock(word >>> 31 ? packed : Math.min(largest, packed * MOST_PER_BYTE));
      at += packed + checksum;
    }
  },
};

/** The last block, which does not count, has up to 4 MiB. @throws RangeError */
export function sizeOfLz4(bytes: Buffer): number {
  return sizeOfFrames(bytes, format);
}
