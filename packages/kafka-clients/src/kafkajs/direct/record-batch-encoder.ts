import { fastestCrc32c } from '../../checksum/fastest-crc32c.js';
import type { OutgoingRecord } from '../../transport/transport-producer.js';
import { ByteWriter, sizeOfVarint } from './byte-writer.js';
import { sizeOfRecordBody, writeRecord } from './record-encoder.js';

/*
 * RecordBatch v2 =>
 *   BaseOffset => int64             the broker's to set
 *   BatchLength => int32            of everything after it
 *   PartitionLeaderEpoch => int32   the broker's to set
 *   Magic => int8                   2
 *   CRC => uint32                   CRC-32C of everything after it
 *   Attributes => int16             bits 0–2 compression, bit 4 transactional
 *   LastOffsetDelta => int32
 *   FirstTimestamp => int64
 *   MaxTimestamp => int64
 *   ProducerId => int64
 *   ProducerEpoch => int16
 *   FirstSequence => int32
 *   Records => int32 count, [Record], compressed as one block when the attributes say so
 */

/** Bytes before the records. */
export const BATCH_HEADER_SIZE = 61;
/** Where the part begins that the CRC covers. */
const CRC_FROM = 21;
const LENGTH_FROM = 12;
const TRANSACTIONAL = 16;

export interface BatchHeader {
  readonly compression: number;
  readonly transactional: boolean;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly firstSequence: number;
}

/** A batch measured: what writing it needs and how many bytes it will take uncompressed. */
export interface MeasuredBatch {
  readonly records: readonly OutgoingRecord[];
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  /** Size of each record after its length. */
  readonly bodySizes: Int32Array;
  readonly recordsSize: number;
}

export function measureBatch(records: readonly OutgoingRecord[]): MeasuredBatch {
  const { first, max } = timestampsOf(records);
  const bodySizes = new Int32Array(records.length);
  let recordsSize = 0;
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index]!;
    const size = sizeOfRecordBody(record, index, record.timestamp - first);
    bodySizes[index] = size;
    recordsSize += sizeOfVarint(size) + size;
  }
  return { records, firstTimestamp: first, maxTimestamp: max, bodySizes, recordsSize };
}

/** Stock kafkajs sorts the times as texts, which is wrong before 2001: here the numbers count. */
function timestampsOf(records: readonly OutgoingRecord[]): { readonly first: number; readonly max: number } {
  let first = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { timestamp } of records) {
    if (timestamp < first) first = timestamp;
    if (timestamp > max) max = timestamp;
  }
  return { first, max };
}

export function writeRecords(writer: ByteWriter, { records, bodySizes, firstTimestamp }: MeasuredBatch): void {
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index]!;
    writeRecord(writer, record, index, record.timestamp - firstTimestamp, bodySizes[index]!);
  }
}

/** The records alone, as a codec wants them, in memory of `recordsSize` bytes. */
export function encodeRecords(batch: MeasuredBatch, memory: Buffer): Buffer {
  writeRecords(new ByteWriter(memory), batch);
  return memory;
}

/** @param compressed the records after their codec; without it they are written as they are. */
export function writeRecordBatch(
  writer: ByteWriter,
  batch: MeasuredBatch,
  header: BatchHeader,
  compressed?: Buffer,
): void {
  const from = writer.offset;
  const size = BATCH_HEADER_SIZE + (compressed?.length ?? batch.recordsSize);
  writer.int64(0n);
  writer.int32(size - LENGTH_FROM);
  writer.int32(0);
  writer.int8(2);
  const crcAt = writer.offset;
  writer.int32(0);
  writer.int16(header.compression | (header.transactional ? TRANSACTIONAL : 0));
  writer.int32(batch.records.length - 1);
  writer.int64(BigInt(batch.firstTimestamp));
  writer.int64(BigInt(batch.maxTimestamp));
  writer.int64(header.producerId);
  writer.int16(header.producerEpoch);
  writer.int32(header.firstSequence);
  writer.int32(batch.records.length);
  if (compressed) writer.bytes(compressed);
  else writeRecords(writer, batch);
  writer.buffer.writeUInt32BE(fastestCrc32c(writer.buffer, from + CRC_FROM, writer.offset), crcAt);
}
