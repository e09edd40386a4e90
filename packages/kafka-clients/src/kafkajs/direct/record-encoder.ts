import type { OutgoingRecord, RecordHeaders } from '../../transport/transport-producer.js';
import { type ByteWriter, sizeOfVarint, sizeOfVarlong } from './byte-writer.js';

/*
 * Record =>
 *   Length => varint
 *   Attributes => int8
 *   TimestampDelta => varlong
 *   OffsetDelta => varint
 *   Key => varint length (-1: null), bytes
 *   Value => varint length (-1: null), bytes
 *   Headers => varint count, [Key => varint length, UTF-8; Value => varint length, bytes]
 */

const lengthOf = (value: Buffer | string): number =>
  typeof value === 'string' ? Buffer.byteLength(value) : value.length;

const sizeOfBytes = (value: Buffer | string | null): number => {
  if (value === null) return 1;
  const length = lengthOf(value);
  return sizeOfVarint(length) + length;
};

function sizeOfHeaders(headers: RecordHeaders | undefined): number {
  if (headers === undefined) return 1;
  let count = 0;
  let size = 0;
  for (const name of Object.keys(headers)) {
    const value = headers[name] as Buffer | string | readonly (Buffer | string)[];
    const values = Array.isArray(value) ? (value as readonly (Buffer | string)[]) : [value as Buffer | string];
    for (const one of values) {
      count += 1;
      size += sizeOfBytes(name) + sizeOfBytes(one);
    }
  }
  return sizeOfVarint(count) + size;
}

/** Size of a record after its length. */
export const sizeOfRecordBody = (record: OutgoingRecord, index: number, timestampDelta: number): number =>
  1 +
  sizeOfVarlong(timestampDelta) +
  sizeOfVarint(index) +
  sizeOfBytes(record.key) +
  sizeOfBytes(record.value) +
  sizeOfHeaders(record.headers);

function writeBytes(writer: ByteWriter, value: Buffer | string | null): void {
  if (value === null) {
    writer.varint(-1);
    return;
  }
  const length = lengthOf(value);
  writer.varint(length);
  if (typeof value === 'string') writer.text(value, length);
  else writer.bytes(value);
}

function writeHeaders(writer: ByteWriter, headers: RecordHeaders | undefined): void {
  if (headers === undefined) {
    writer.int8(0);
    return;
  }
  const pairs: [string, Buffer | string][] = [];
  for (const name of Object.keys(headers)) {
    const value = headers[name] as Buffer | string | readonly (Buffer | string)[];
    if (Array.isArray(value)) for (const one of value as readonly (Buffer | string)[]) pairs.push([name, one]);
    else pairs.push([name, value as Buffer | string]);
  }
  writer.varint(pairs.length);
  for (const [name, value] of pairs) {
    writeBytes(writer, name);
    writeBytes(writer, value);
  }
}

export function writeRecord(
  writer: ByteWriter,
  record: OutgoingRecord,
  index: number,
  timestampDelta: number,
  bodySize: number,
): void {
  writer.varint(bodySize);
  writer.int8(0);
  writer.varlong(timestampDelta);
  writer.varint(index);
  writeBytes(writer, record.key);
  writeBytes(writer, record.value);
  writeHeaders(writer, record.headers);
}
