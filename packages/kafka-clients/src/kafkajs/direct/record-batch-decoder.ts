import { KafkaClientError } from '../../kafka-client-error.js';
import type { FetchedRecord, TopicPartition } from '../../transport/transport-consumer.js';
import { ByteReader } from './byte-reader.js';

/** The grammar is in `record-batch-encoder.ts`. */
const BATCH_HEADER_SIZE = 61;
const LENGTH_AND_OFFSET_SIZE = 12;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** Control record key: version 0, type 0 is an abort, type 1 a commit. */
const ABORT = 0;

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface DecodedRecords {
  readonly records: FetchedRecord[];
  /** The offset to go on from; undefined when there was no whole batch. */
  readonly nextOffset: string | undefined;
}

/** @param type 1 gzip, 2 snappy, 3 lz4, 4 zstd. */
export type Decompress = (type: number, bytes: Buffer, maxBytes: number) => Promise<Buffer>;

/** What the compressed batches of one answer may take in memory, whatever its partitions. */
export interface UnpackRoom {
  /** Most of a single batch: one that comes to more is unreadable. */
  readonly maxBytes: number;
  /** Where nothing is left, what follows is left for the next fetch. */
  left: number;
}

const NO_HEADERS: FetchedRecord['headers'] = Object.freeze({});

/**
 * The records of one partition in a fetch answer: whole batches only, as the broker cuts the last one anywhere; from
 * `fetchOffset` on, as it sends the whole batch that holds it; without control records and aborted transactions. A batch that cannot be
 * unpacked or read is one record that says so.
 *
 * @throws {KafkaClientError} `codec_missing`
 */
export async function decodeRecordBatches(
  bytes: Buffer,
  at: TopicPartition,
  fetchOffset: bigint,
  aborted: readonly AbortedTransaction[],
  decompress: Decompress,
  room: UnpackRoom,
): Promise<DecodedRecords> {
  const records: FetchedRecord[] = [];
  const pending = [...aborted].sort((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const aborting = new Set<bigint>();
  let nextOffset: bigint | undefined;
  const reader = new ByteReader(bytes);
  while (reader.left >= BATCH_HEADER_SIZE) {
    const from = reader.offset;
    const baseOffset = reader.int64();
    const length = reader.int32();
    const end = from + LENGTH_AND_OFFSET_SIZE + length;
    if (end > bytes.length) break;
    reader.skip(4 + 1 + 4);
    const attributes = reader.int16();
    const lastOffsetDelta = reader.int32();
    const firstTimestamp = Number(reader.int64());
    const maxTimestamp = Number(reader.int64());
    const producerId = reader.int64();
    reader.skip(2 + 4);
    const count = reader.int32();
    const lastOffset = baseOffset + BigInt(lastOffsetDelta);
    while (pending[0] && pending[0].firstOffset <= lastOffset) aborting.add(pending.shift()!.producerId);
    const compression = attributes & 0x07;
    if (compression !== 0 && room.left <= 0) break;
    const isAborted = (attributes & TRANSACTIONAL) !== 0 && aborting.has(producerId);
    if (attributes & CONTROL) {
      if (controlType(new ByteReader(bytes, reader.offset, end)) === ABORT) aborting.delete(producerId);
    } else if (lastOffset >= fetchOffset && !isAborted) {
      const content = bytes.subarray(reader.offset, end);
      const fixedTime = (attributes & LOG_APPEND_TIME) !== 0 ? maxTimestamp : undefined;
      const before = records.length;
      try {
        const unpacked = compression === 0 ? content : await unpackInto(room, count, compression, content, decompress);
        const source = new ByteReader(unpacked);
        readRecords(source, count, { at, baseOffset, firstTimestamp, fixedTime, fetchOffset }, records);
      } catch (cause) {
        if (cause instanceof KafkaClientError) throw cause;
        records.length = before;
        records.push(unreadable(at, baseOffset, lastOffset, maxTimestamp, content, cause as Error));
      }
    }
    nextOffset = lastOffset + 1n;
    reader.offset = end;
  }
  return { records, nextOffset: nextOffset?.toString() };
}

/** What a record takes in memory at least, whatever it says: a batch of nothing but tiny ones is a bomb as well. */
const LEAST_OF_RECORD = 64;

async function unpackInto(
  room: UnpackRoom,
  count: number,
  compression: number,
  content: Buffer,
  decompress: Decompress,
): Promise<Buffer> {
  const leastBytes = count * LEAST_OF_RECORD;
  if (leastBytes > room.maxBytes) throw new RangeError(`its ${count} records take more than ${room.maxBytes} bytes`);
  const unpacked = await decompress(compression, content, room.maxBytes);
  room.left -= Math.max(unpacked.length, leastBytes);
  return unpacked;
}

function unreadable(
  at: TopicPartition,
  baseOffset: bigint,
  lastOffset: bigint,
  timestamp: number,
  content: Buffer,
  cause: Error,
): FetchedRecord {
  const error = new KafkaClientError(
    `The batch of ${at.topic}/${at.partition} from offset ${baseOffset} to ${lastOffset} cannot be read: ${cause.message}. Raise maxUnpackedBytes if its writer meant it so; with a dead letter the consumer passes over it.`,
    { code: 'batch_unreadable', cause },
  );
  // A copy, so that what waits does not keep the whole answer.
  const value = Buffer.from(content);
  return { ...at, offset: String(lastOffset), key: null, value, headers: NO_HEADERS, timestamp, unreadable: error };
}

/** The type in a control record's key; it has one record: length, attributes, times, then the key. */
function controlType(reader: ByteReader): number {
  reader.varint();
  reader.int8();
  reader.varlong();
  reader.varint();
  const key = reader.varBytes();
  return key && key.length >= 4 ? key.readInt16BE(2) : -1;
}

interface BatchContext {
  readonly at: TopicPartition;
  readonly baseOffset: bigint;
  readonly firstTimestamp: number;
  readonly fixedTime: number | undefined;
  readonly fetchOffset: bigint;
}

function readRecords(reader: ByteReader, count: number, context: BatchContext, into: FetchedRecord[]): void {
  const { topic, partition } = context.at;
  const { firstTimestamp, fixedTime } = context;
  const base = Number(context.baseOffset);
  const exact = Number.isSafeInteger(base + 0x7fff_ffff);
  const skipBefore = Number(context.fetchOffset - context.baseOffset);
  for (let index = 0; index < count; index += 1) {
    const length = reader.varint();
    const end = reader.offset + length;
    reader.offset += 1;
    const timestamp = firstTimestamp + reader.varlong();
    const delta = reader.varint();
    if (delta >= skipBefore) {
      into.push({
        topic,
        partition,
        offset: exact ? String(base + delta) : (context.baseOffset + BigInt(delta)).toString(),
        key: reader.varBytes(),
        value: reader.varBytes(),
        headers: readHeaders(reader),
        timestamp: fixedTime ?? timestamp,
      });
      if (reader.offset > end) throw new RangeError('a record goes beyond its end');
    }
    reader.offset = end;
  }
}

function readHeaders(reader: ByteReader): FetchedRecord['headers'] {
  const count = reader.varint();
  if (count <= 0) return NO_HEADERS;
  const headers: Record<string, Buffer | Buffer[] | null> = {};
  for (let index = 0; index < count; index += 1) {
    const name = reader.varBytes()?.toString() ?? '';
    const value = reader.varBytes();
    const known = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (known === undefined) define(headers, name, value);
    else if (Array.isArray(known)) known.push(value as Buffer);
    else define(headers, name, [known as Buffer, value as Buffer]);
  }
  return headers as FetchedRecord['headers'];
}

/** Names come from whoever wrote the record; `__proto__` is a name like any other. */
function define(
  headers: Record<string, Buffer | Buffer[] | null>,
  name: string,
  value: Buffer | Buffer[] | null,
): void {
  if (name === '__proto__')
    Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
  else headers[name] = value;
}
