import { gunzipSync } from 'node:zlib';

/** zlib takes no less. */
const leastChunk = 64;
const mostChunk = 64 * 1024;

/** The text of a frame: gzip, bounded when it unpacks, or plain text where something between has unpacked it. */
export function frameText(data: Buffer, maxBytes: number): string {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  const plain = isGzip ? gunzipSync(data, { maxOutputLength: maxBytes, chunkSize: chunkFor(data) }) : data;
  return plain.toString('utf8');
}

/**
 * Room for all of a frame, by the length that gzip says at its end; whether it is true does not matter. zlib's default
 * of 16 KiB for a frame of 250 bytes is mostly garbage, and a byte too few would mean a second turn.
 */
function chunkFor(data: Buffer): number {
  const length = data.length < 18 ? leastChunk : data.readUInt32LE(data.length - 4) + 1;
  return Math.min(mostChunk, Math.max(leastChunk, length));
}
