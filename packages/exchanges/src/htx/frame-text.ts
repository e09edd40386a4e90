import { gunzipSync } from 'node:zlib';

/** The text of a frame: gzip, bounded when it unpacks, or plain text where something between has unpacked it. */
export function frameText(data: Buffer, maxBytes: number): string {
  const isGzip = data[0] === 0x1f && data[1] === 0x8b;
  return (isGzip ? gunzipSync(data, { maxOutputLength: maxBytes }) : data).toString('utf8');
}
