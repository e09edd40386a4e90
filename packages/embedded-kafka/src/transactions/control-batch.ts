import { crc32c } from '../log/crc32c.js';
import { writeInt64 } from '../log/record-batch.js';

/*
 * The end of a transaction in a partition: a control batch of one record (batch header: `log/record-batch.ts`).
 *
 * record = length:VARINT attributes:INT8 timestampDelta:VARINT offsetDelta:VARINT
 *          keyLength:VARINT key valueLength:VARINT value headerCount:VARINT
 * key    = version:INT16(0) type:INT16            0 abort, 1 commit
 * value  = version:INT16(0) coordinatorEpoch:INT32
 */
const RECORD = [
  0x20, // length: 16 bytes follow
  0x00,
  0x00,
  0x00,
  0x08, // key: 4 bytes
  0x00,
  0x00,
  0x00,
  0x00, // type, at TYPE_AT
  0x0c, // value: 6 bytes
  0x00,
  0x00,
  0x00,
  0x00,
  0x00,
  0x00,
  0x00,
] as const;
const HEADER_BYTES = 61;
const TYPE_AT = HEADER_BYTES + 8;
const TRANSACTIONAL_AND_CONTROL = 0x30;

/** The marker that ends a producer's transaction in one partition. */
export function controlBatch(producerId: number, producerEpoch: number, committed: boolean, timestamp: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + RECORD.length);
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes[16] = 2;
  bytes.writeInt16BE(TRANSACTIONAL_AND_CONTROL, 21);
  writeInt64(bytes, timestamp, 27);
  writeInt64(bytes, timestamp, 35);
  writeInt64(bytes, producerId, 43);
  bytes.writeInt16BE(producerEpoch, 51);
  bytes.writeInt32BE(-1, 53);
  bytes.writeInt32BE(1, 57);
  bytes.set(RECORD, HEADER_BYTES);
  bytes[TYPE_AT] = committed ? 1 : 0;
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

/** Whether a stored control batch commits. */
export function isCommit(batch: Buffer): boolean {
  return batch[TYPE_AT] === 1;
}
