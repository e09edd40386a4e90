import { crc32c } from '../log/crc32c.js';
import { writeInt64 } from '../log/record-batch.js';

export interface SampleBatchOptions {
  /** One record each. Default: one record "value". */
  readonly values?: readonly string[];
  readonly timestamp?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly transactional?: boolean;
}

const HEADER_BYTES = 61;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return bytes;
}

function record(value: string, offsetDelta: number): Buffer {
  const bytes = Buffer.from(value);
  const body = [
    0,
    ...varint(0),
    ...varint(offsetDelta),
    ...varint(-1),
    ...varint(bytes.length),
    ...bytes,
    ...varint(0),
  ];
  return Buffer.from([...varint(body.length), ...body]);
}

/** A record batch as a producer would send it. */
export function sampleBatch(options: SampleBatchOptions = {}): Buffer {
  const values = options.values ?? ['value'];
  const records = Buffer.concat(values.map(record));
  const bytes = Buffer.alloc(HEADER_BYTES + records.length);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeInt32BE(-1, 12);
  bytes[16] = 2;
  bytes.writeInt16BE(options.transactional ? 0x10 : 0, 21);
  bytes.writeInt32BE(values.length - 1, 23);
  writeInt64(bytes, options.timestamp ?? 1_700_000_000_000, 27);
  writeInt64(bytes, options.timestamp ?? 1_700_000_000_000, 35);
  writeInt64(bytes, options.producerId ?? -1, 43);
  bytes.writeInt16BE(options.producerEpoch ?? -1, 51);
  bytes.writeInt32BE(options.baseSequence ?? -1, 53);
  bytes.writeInt32BE(values.length, 57);
  records.copy(bytes, HEADER_BYTES);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}
