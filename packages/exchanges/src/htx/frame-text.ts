import { gunzipSync } from 'node:zlib';

/** The default of 16 KiB, allocated for every frame, costs a third more than room for what comes. */
const roomBounds = [128, 64 * 1024] as const;

/** The text of a frame: gzip, bounded when it unpacks, or plain text where something between has unpacked it. */
export function frameText(data: Buffer, maxBytes: number): string {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  return (isGzip ? gunzipSync(data, { maxOutputLength: maxBytes, chunkSize: roomFor(data) }) : data).toString('utf8');
}

/** Room for a frame in one piece, by the length that gzip states at its end; one that lies costs only time. */
function roomFor(data: Buffer): number {
  const [least, most] = roomBounds;
  const stated = data.length < 4 ? 0 : data.readUInt32LE(data.length - 4);
  return Math.min(most, Math.max(least, stated + 1));
}
