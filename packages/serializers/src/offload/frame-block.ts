/**
 * Frames laid end to end in memory of their own, which can be handed to another thread. A Buffer itself usually
 * cannot: small ones share a slab with others, which would be taken away from them too.
 */
export interface FrameBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lengths: readonly number[];
}

/** Copies frames into one block: the one copy that crossing a thread costs. */
export function packFrames(frames: readonly Uint8Array[]): FrameBlock {
  const lengths = frames.map((frame) => frame.length);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  return { bytes, lengths };
}

/** The frames of a block, as views of it. */
export function unpackFrames({ bytes, lengths }: FrameBlock): Buffer[] {
  let at = bytes.byteOffset;
  return lengths.map((length) => {
    const frame = Buffer.from(bytes.buffer, at, length);
    at += length;
    return frame;
  });
}
