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
export type Decompress = (type: number, bytes: Buffer) => Promise<Buffer>;

const NO_HEADERS: FetchedRecord['headers'] = Object.freeze({});

/**
 * The records of one partition in a fetch answer: whole batches only, as the broker cuts the last one anywhere; from
 * `fetchOffset` on, as it sends the whole batch that holds it; without control records and aborted transactions.
 */
export async function decodeRecordBatches(
  bytes: Buffer,
  at: TopicPartition,
  fetchOffset: bigint,
  aborted: readonly AbortedTransaction[],
  decompress: Decompress,
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
    const source =
      compression === 0
        ? new ByteReader(bytes, reader.offset, end)
        : new ByteReader(await decompress(compression, bytes.subarray(reader.offset, end)));
    if (attributes & CONTROL) {
      if (controlType(source) === ABORT) aborting.delete(producerId);
    } else if (lastOffset >= fetchOffset && !((attributes & TRANSACTIONAL) !== 0 && aborting.has(producerId))) {
      const fixedTime = (attributes & LOG_APPEND_TIME) !== 0 ? maxTimestamp : undefined;
      readRecords(source, count, { at, baseOffset, firstTimestamp, fixedTime, fetchOffset }, records);
    }
    nextOffset = lastOffset + 1n;
    reader.offset = end;
  }
  return { records, nextOffset: nextOffset?.toString() };
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
