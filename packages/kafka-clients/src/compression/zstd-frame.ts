/*
 * Zstandard frames, one after the other (RFC 8878); numbers are little-endian.
 *
 *   frame      := magic u32 | descriptor u8 | [window u8] | [dictionary 1, 2 or 4 bytes] | [content size 1, 2, 4 or 8 bytes] | block* | [checksum u32]
 *   descriptor := content size 2 bits | single segment | unused | reserved | checksum | dictionary 2 bits
 *   block      := last 1 bit, kind 2 bits, size 21 bits | bytes: `size` of them, or one that is repeated (kind 1)
 *   other      := magic 184D2A50 to 184D2A5F u32 | size u32 | bytes, to be skipped
 */
const MAGIC = 0xfd2fb528;
const SKIPPED = 0x184d2a5;
const REPEATED = 1;
const COMPRESSED = 2;

/** No compressed block unpacks to more. */
const LARGEST_BLOCK = 128 * 1024;

/**
 * What Zstandard frames unpack to, from the sizes of their blocks: nothing is unpacked. Blocks count as full, as writers
 * fill them, and the last one, of up to 128 KiB, does not count.
 *
 * @throws RangeError when they are none
 */
export function sizeOfZstd(bytes: Buffer): number {
  let size = 0;
  let last = 0;
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at);
    if (magic >>> 4 === SKIPPED) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (magic !== MAGIC) throw new RangeError('it is no Zstandard frame');
    const descriptor = bytes.readUInt8(at + 4);
    const isSingle = (descriptor & 0x20) !== 0;
    const sizeBytes = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    at += 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + sizeBytes;
    for (let isLast = false; !isLast; ) {
      const word = bytes.readUIntLE(at, 3);
      const kind = (word >> 1) & 3;
      const packed = word >> 3;
      isLast = (word & 1) === 1;
      size += last;
      last = kind === COMPRESSED ? LARGEST_BLOCK : packed;
      at += 3 + (kind === REPEATED ? 1 : packed);
    }
    at += descriptor & 0x04 ? 4 : 0;
  }
  return size;
}
