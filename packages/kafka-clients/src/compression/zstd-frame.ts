import { type FrameFormat, sizeOfFrames } from './frames.js';

const REPEATED = 1;
const COMPRESSED = 2;

/** No compressed block unpacks to more. */
const LARGEST_BLOCK = 128 * 1024;

/*
 * RFC 8878; numbers are little-endian.
 *
 *   frame      := magic u32 | descriptor u8 | [window u8] | [dictionary 1, 2 or 4 bytes] | [content size 1, 2, 4 or 8 bytes] | block* | [checksum u32]
 *   descriptor := content size 2 bits | single segment | unused | reserved | checksum | dictionary 2 bits
 *   block      := last 1 bit, kind 2 bits, size 21 bits | bytes: `size` of them, or one that is repeated (kind 1)
 */
const format: FrameFormat = {
  name: 'Zstandard',
  magic: 0xfd2fb528,
  walk(bytes, from, onBlock) {
    const descriptor = bytes.readUInt8(from + 4);
    const isSingle = (descriptor & 0x20) !== 0;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    let at = from + 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + sizeBytes;
    for (;;) {
      const word = bytes.readUIntLE(at, 3);
      const kind = (word >> 1) & 3;
      const packed = word >> 3;
      onBlock(kind === COMPRESSED ? LARGEST_BLOCK : packed);
      at += 3 + (kind === REPEATED ? 1 : packed);
      if (word & 1) return at + (descriptor & 0x04 ? 4 : 0);
    }
  },
};

/** The last block, which does not count, has up to 128 KiB. @throws RangeError */
export function sizeOfZstd(bytes: Buffer): number {
  return sizeOfFrames(bytes, format);
}
