import { gunzipSync } from 'node:zlib';
import { BATCH_HEADER_BYTES, readBatchHeader } from './record-batch.js';

const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const NONE = 0;
const GZIP = 1;
/** Larger batches are answered for by their first offset rather than unpacked. */
const MAX_UNPACKED_BYTES = 8 * 1024 * 1024;

class RecordCursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.at >= this.#bytes.length;
  }

  /** Zigzag varint. As a float, since time deltas may need more than 32 bits. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
  }
}

function unpack(batch: Buffer): Buffer | undefined {
  const records = batch.subarray(BATCH_HEADER_BYTES);
  const compression = batch.readInt16BE(21) & COMPRESSION_MASK;
  if (compression === NONE) return records;
  if (compression !== GZIP) return undefined;
  try {
    return gunzipSync(records, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch {
    return undefined;
  }
}

/**
 * The first record of a batch at or after a time; undefined when the batch cannot be looked into (compressed by another
 * codec than gzip, or unsound), and its base offset has to do.
 *
 * ```
 * record = length:VARINT attributes:INT8 timestampDelta:VARINT offsetDelta:VARINT …
 * ```
 */
export function firstRecordAtOrAfter(
  batch: Buffer,
  timestamp: number,
): { offset: number; timestamp: number } | undefined {
  const { baseOffset, maxTimestamp } = readBatchHeader(batch);
  if (batch.readInt16BE(21) & LOG_APPEND_TIME) return { offset: baseOffset, timestamp: maxTimestamp };
  const baseTimestamp = batch.readInt32BE(27) * 0x1_0000_0000 + batch.readUInt32BE(31);
  const unpacked = unpack(batch);
  if (!unpacked) return undefined;
  const cursor = new RecordCursor(unpacked);
  while (!cursor.isDone) {
    const length = cursor.varint();
    const next = cursor.at + length;
    cursor.at++;
    const time = baseTimestamp + cursor.varint();
    const delta = cursor.varint();
    if (!(next > cursor.at - 1) || Number.isNaN(delta)) return undefined;
    if (time >= timestamp) return { offset: baseOffset + delta, timestamp: time };
    cursor.at = next;
  }
  return undefined;
}
