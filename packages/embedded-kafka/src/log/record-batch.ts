import { ErrorCode } from '../wire/error-codes.js';
import { crc32c } from './crc32c.js';

/*
 * Record batch, format 2. Base offset, length, leader epoch and magic lie before the checksum's range, so that a broker
 * sets the base offset and the leader epoch of a stored batch without computing the checksum again.
 *
 *   0 baseOffset:INT64
 *   8 batchLength:INT32            bytes after this field
 *  12 partitionLeaderEpoch:INT32
 *  16 magic:INT8                   2
 *  17 crc:UINT32                   CRC-32C of everything from byte 21
 *  21 attributes:INT16             bits 0-2 compression, 3 log append time, 4 transactional, 5 control
 *  23 lastOffsetDelta:INT32
 *  27 baseTimestamp:INT64
 *  35 maxTimestamp:INT64
 *  43 producerId:INT64             -1 without idempotence
 *  51 producerEpoch:INT16
 *  53 baseSequence:INT32
 *  57 recordCount:INT32
 *  61 records, compressed as a whole when attributes say so
 */
export const BATCH_HEADER_BYTES = 61;
const LENGTH_AT = 8;
const BYTES_BEFORE_LENGTH_COUNTS = 12;
const CRC_RANGE_AT = 21;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const LOG_APPEND_TIME = 0x08;

/** The header of one batch, read without touching its records. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Bytes of the whole batch. */
  readonly size: number;
  readonly leaderEpoch: number;
  readonly lastOffsetDelta: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
  readonly transactional: boolean;
  readonly control: boolean;
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
}

export function writeInt64(bytes: Buffer, value: number, at: number): void {
  bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
}

/** Bytes that the batch at `at` takes, or 0 when its header is not whole. */
export function batchSize(bytes: Buffer, at: number): number {
  if (at + BATCH_HEADER_BYTES > bytes.length) return 0;
  return BYTES_BEFORE_LENGTH_COUNTS + bytes.readInt32BE(at + LENGTH_AT);
}

export function readBatchHeader(bytes: Buffer, at = 0): BatchHeader {
  const attributes = bytes.readInt16BE(at + 21);
  return {
    baseOffset: int64(bytes, at),
    size: BYTES_BEFORE_LENGTH_COUNTS + bytes.readInt32BE(at + LENGTH_AT),
    leaderEpoch: bytes.readInt32BE(at + 12),
    lastOffsetDelta: bytes.readInt32BE(at + 23),
    maxTimestamp: int64(bytes, at + 35),
    producerId: int64(bytes, at + 43),
    producerEpoch: bytes.readInt16BE(at + 51),
    baseSequence: bytes.readInt32BE(at + 53),
    recordCount: bytes.readInt32BE(at + 57),
    transactional: (attributes & TRANSACTIONAL) !== 0,
    control: (attributes & CONTROL) !== 0,
  };
}

/** Whether the batch at `at`, `size` bytes long, carries the checksum of its content. */
export function hasRightChecksum(bytes: Buffer, at: number, size: number): boolean {
  return bytes.readUInt32BE(at + 17) === crc32c(bytes, at + CRC_RANGE_AT, at + size);
}

/** The error of the bytes a producer sent for one partition: they must be exactly one sound batch of format 2. */
export function checkProducedBatch(bytes: Buffer, verifyChecksum: boolean): number {
  if (bytes.length < BATCH_HEADER_BYTES) return ErrorCode.CORRUPT_MESSAGE;
  if (bytes[16]! !== 2) return ErrorCode.UNSUPPORTED_FOR_MESSAGE_FORMAT;
  const size = batchSize(bytes, 0);
  if (size < BATCH_HEADER_BYTES || size > bytes.length) return ErrorCode.CORRUPT_MESSAGE;
  if (size < bytes.length) return ErrorCode.INVALID_RECORD;
  if (verifyChecksum && !hasRightChecksum(bytes, 0, size)) return ErrorCode.CORRUPT_MESSAGE;
  const header = readBatchHeader(bytes);
  if (header.recordCount < 1 || header.lastOffsetDelta !== header.recordCount - 1) return ErrorCode.INVALID_RECORD;
  if (header.control) return ErrorCode.INVALID_RECORD;
  if (header.producerId >= 0 && (header.producerEpoch < 0 || header.baseSequence < 0)) return ErrorCode.INVALID_RECORD;
  return ErrorCode.NONE;
}

/** Gives a stored batch its place in the log. */
export function placeBatch(bytes: Buffer, at: number, baseOffset: number, leaderEpoch: number): void {
  writeInt64(bytes, baseOffset, at);
  bytes.writeInt32BE(leaderEpoch, at + 12);
}

/** Replaces the producer's times by the broker's (`message.timestamp.type=LogAppendTime`). */
export function stampAppendTime(bytes: Buffer, at: number, size: number, timestamp: number): void {
  bytes.writeInt16BE(bytes.readInt16BE(at + 21) | LOG_APPEND_TIME, at + 21);
  writeInt64(bytes, timestamp, at + 35);
  bytes.writeUInt32BE(crc32c(bytes, at + CRC_RANGE_AT, at + size), at + 17);
}
