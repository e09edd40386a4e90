const SKIPPED = 0x184d2a5;

/** How a format marks and measures its frames. */
export interface FrameFormat {
  readonly name: string;
  /** Its first four bytes, little-endian. */
  readonly magic: number;
  /**
   * Walks over the blocks of a frame.
   *
   * @param onBlock told what each block unpacks to when it is full
   * @returns the place behind the frame
   */
  walk(bytes: Buffer, at: number, onBlock: (bytes: number) => void): number;
}

/**
 * What frames unpack to, from the sizes of their blocks: nothing is unpacked. Blocks count as full, as writers fill them,
 * and the last one of all does not count. Between them there may be frames that LZ4 and Zstandard both skip: magic
 * 184D2A50 to 184D2A5F, then a size u32.
 *
 * @throws RangeError when they are none of the format
 */
export function sizeOfFrames(bytes: Buffer, { name, magic, walk }: FrameFormat): number {
  let size = 0;
  let last = 0;
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.readUInt32LE(at);
    if (found >>> 4 === SKIPPED) {
      at += 8 + bytes.readUInt32LE(at + 4);
      continue;
    }
    if (found !== magic) throw new RangeError(`it is no ${name} frame`);
    at = walk(bytes, at, (block) => {
      size += last;
      last = block;
    });
  }
  return size;
}
