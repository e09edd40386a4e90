import { crc32c } from '../checksum/crc32c.js';
import { KafkaClientError } from '../kafka-client-error.js';
import type { RecordHeaders } from '../transport/transport-producer.js';
import type { SpooledMessage, SpoolMessage } from './spool.js';

/*
 * A record as it lies in a segment; numbers are big-endian.
 *
 *   record := magic u32 "NSP1" | crc u32 | length u32 | body
 *   body   := sequence u64 | timestamp f64 | topic text16 | key bytes32 | value bytes32 | meta bytes32
 *             | headers u16 | (name text16 | value bytes32)*
 *   text16  := length u16 | UTF-8
 *   bytes32 := length i32, -1 for null | bytes
 *
 * `length` is that of the body. The checksum, CRC-32C, covers length and body: a damaged length is no record either.
 * The magic lets a reader find the next record behind a damaged one.
 */
const MAGIC: Buffer = Buffer.from('NSP1');
const HEAD = 12;

/** A longer body is taken for a damaged length. */
export const maxRecordBytes: number = 16 * 1024 * 1024;

type Bytes = Buffer | string | null | undefined;

/** @throws {KafkaClientError} `message_too_large` */
export function encodeRecord(message: SpoolMessage, meta: Bytes, sequence: number, timestamp: number): Buffer {
  const headers = flatten(message.headers);
  let length =
    8 + 8 + 2 + Buffer.byteLength(message.topic) + sizeOf(message.key) + sizeOf(message.value) + sizeOf(meta);
  length += 2;
  for (const [name, value] of headers) length += 2 + Buffer.byteLength(name) + sizeOf(value);
  if (length > maxRecordBytes) {
    throw new KafkaClientError(
      `A message for ${message.topic} takes ${length} bytes in the spool; the most is ${maxRecordBytes}. Split it.`,
      { code: 'message_too_large' },
    );
  }
  const bytes = Buffer.allocUnsafe(HEAD + length);
  MAGIC.copy(bytes);
  bytes.writeUInt32BE(length, 8);
  let at = HEAD;
  bytes.writeUInt32BE(Math.floor(sequence / 2 ** 32), at);
  bytes.writeUInt32BE(sequence % 2 ** 32, at + 4);
  bytes.writeDoubleBE(timestamp, at + 8);
  at = writeText(bytes, message.topic, at + 16);
  at = writeBytes(bytes, message.key, at);
  at = writeBytes(bytes, message.value, at);
  at = writeBytes(bytes, meta, at);
  at = bytes.writeUInt16BE(headers.length, at);
  for (const [name, value] of headers) at = writeBytes(bytes, value, writeText(bytes, name, at));
  bytes.writeUInt32BE(crc32c(bytes, 8), 4);
  return bytes;
}

/** What stands at a place: a record, the beginning of one that ends at `end`, or nothing that makes sense. */
export type Parsed =
  | { readonly kind: 'record'; readonly end: number; readonly message: SpooledMessage }
  | { readonly kind: 'incomplete'; readonly end: number }
  | { readonly kind: 'damaged' };

const damaged: Parsed = { kind: 'damaged' };

export function parseRecord(bytes: Buffer, at: number): Parsed {
  const head = bytes.subarray(at, at + HEAD);
  if (MAGIC.compare(head, 0, Math.min(4, head.length), 0, Math.min(4, head.length)) !== 0) return damaged;
  if (head.length < HEAD) return { kind: 'incomplete', end: at + HEAD };
  const length = head.readUInt32BE(8);
  if (length > maxRecordBytes) return damaged;
  const end = at + HEAD + length;
  if (end > bytes.length) return { kind: 'incomplete', end };
  if (crc32c(bytes, at + 8, end) !== head.readUInt32BE(4)) return damaged;
  return { kind: 'record', end, message: readBody(bytes, at + HEAD) };
}

/** Where the next record may begin, from `at` on; -1 when nowhere in these bytes. */
export function nextMagic(bytes: Buffer, at: number): number {
  return bytes.indexOf(MAGIC, at);
}

/** Bytes at the end of a chunk that may be the first of a magic. */
export const magicOverlap: number = MAGIC.length - 1;

function readBody(bytes: Buffer, from: number): SpooledMessage {
  let at = from + 16;
  const text = (): string => {
    const length = bytes.readUInt16BE(at);
    at += 2 + length;
    return bytes.toString('utf8', at - length, at);
  };
  // Copies: a message that is kept must not keep the whole chunk it was read with.
  const take = (): Buffer | null => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return Buffer.from(bytes.subarray(at - length, at));
  };
  const sequence = bytes.readUInt32BE(from) * 2 ** 32 + bytes.readUInt32BE(from + 4);
  const timestamp = bytes.readDoubleBE(from + 8);
  const topic = text();
  const key = take();
  const value = take();
  const meta = take();
  const count = bytes.readUInt16BE(at);
  at += 2;
  const headers: Record<string, Buffer | Buffer[]> = Object.create(null) as Record<string, Buffer | Buffer[]>;
  for (let index = 0; index < count; index += 1) {
    const name = text();
    const header = take() ?? Buffer.alloc(0);
    const before = headers[name];
    headers[name] = before === undefined ? header : Array.isArray(before) ? [...before, header] : [before, header];
  }
  return { sequence, timestamp, topic, key, value, meta, headers, bytes: at - from + HEAD };
}

function flatten(headers: RecordHeaders | undefined): [string, Buffer | string][] {
  return Object.entries(headers ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as (Buffer | string)[]) : [value as Buffer | string]).map(
      (one): [string, Buffer | string] => [name, one],
    ),
  );
}

function sizeOf(value: Bytes): number {
  return 4 + (value == null ? 0 : typeof value === 'string' ? Buffer.byteLength(value) : value.length);
}

function writeText(bytes: Buffer, text: string, at: number): number {
  const length = bytes.write(text, at + 2);
  bytes.writeUInt16BE(length, at);
  return at + 2 + length;
}

function writeBytes(bytes: Buffer, value: Bytes, at: number): number {
  if (value == null) return bytes.writeInt32BE(-1, at);
  const length = typeof value === 'string' ? bytes.write(value, at + 4) : value.copy(bytes, at + 4);
  bytes.writeInt32BE(length, at);
  return at + 4 + length;
}
