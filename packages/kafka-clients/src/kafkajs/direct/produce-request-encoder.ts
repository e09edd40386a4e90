import type { OutgoingRecord } from '../../transport/transport-producer.js';
import { ByteWriter, sizeOfString } from './byte-writer.js';
import { MemoryPool } from './memory-pool.js';
import {
  BATCH_HEADER_SIZE,
  type BatchHeader,
  encodeRecords,
  type MeasuredBatch,
  measureBatch,
  writeRecordBatch,
} from './record-batch-encoder.js';

/*
 * Produce Request v3 to v7 => transactional_id acks timeout [topic [partition record_set]]
 *   transactional_id => NULLABLE_STRING
 *   acks => INT16
 *   timeout => INT32
 *   topic => STRING
 *   partition => INT32
 *   record_set => INT32 size, RecordBatch
 */

export interface ProduceInput {
  readonly acks: number;
  /** Milliseconds. */
  readonly timeout: number;
  readonly compression: number;
  readonly transactionalId: string | null;
  readonly producerId?: string;
  readonly producerEpoch?: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly OutgoingRecord[];
    }[];
  }[];
}

interface MeasuredPartition {
  readonly partition: number;
  readonly header: BatchHeader;
  readonly batch: MeasuredBatch;
  readonly compressed: Buffer | undefined;
  readonly size: number;
}

interface MeasuredTopic {
  readonly topic: string;
  readonly partitions: readonly MeasuredPartition[];
}

/** Records as one compressed block; undefined where they are better sent as they are. */
export type Pack = (records: Buffer) => Promise<Buffer | undefined> | Buffer | undefined;

const sizeOf = (transactionalId: string | null, topics: readonly MeasuredTopic[]): number => {
  let size = sizeOfString(transactionalId) + 2 + 4 + 4;
  for (const { topic, partitions } of topics) {
    size += sizeOfString(topic) + 4;
    for (const partition of partitions) size += 4 + 4 + partition.size;
  }
  return size;
};

/**
 * The body of a Produce request, with `room` bytes left free before it for the request's own header. Everything is
 * measured first, so that each byte of a record is copied once.
 *
 * @param pool where the memory of the answer comes from; it may be given back once it was sent and answered.
 */
export async function encodeProduceRequest(
  input: ProduceInput,
  pack: Pack | undefined,
  room = 0,
  pool: MemoryPool = new MemoryPool(),
): Promise<Buffer> {
  const { transactionalId, compression, producerEpoch = 0 } = input;
  const producerId = BigInt(input.producerId ?? -1);
  const topics: MeasuredTopic[] = [];
  for (const { topic, partitions } of input.topicData) {
    const measured: MeasuredPartition[] = [];
    for (const { partition, firstSequence, messages } of partitions) {
      const batch = measureBatch(messages);
      const compressed = pack && (await packRecords(batch, pack, pool));
      const header = {
        compression: compressed ? compression : 0,
        transactional: Boolean(transactionalId),
        producerId,
        producerEpoch,
        firstSequence,
      };
      measured.push({
        partition,
        header,
        batch,
        compressed,
        size: BATCH_HEADER_SIZE + (compressed?.length ?? batch.recordsSize),
      });
    }
    topics.push({ topic, partitions: measured });
  }
  const writer = new ByteWriter(pool.take(room + sizeOf(transactionalId, topics)));
  writer.offset = room;
  writer.string(transactionalId);
  writer.int16(input.acks);
  writer.int32(input.timeout);
  writer.int32(topics.length);
  for (const { topic, partitions } of topics) {
    writer.string(topic);
    writer.int32(partitions.length);
    for (const { partition, header, batch, compressed, size } of partitions) {
      writer.int32(partition);
      writer.int32(size);
      writeRecordBatch(writer, batch, header, compressed);
    }
  }
  return writer.buffer;
}

async function packRecords(batch: MeasuredBatch, pack: Pack, pool: MemoryPool): Promise<Buffer | undefined> {
  const memory = pool.take(batch.recordsSize);
  const packed = await pack(encodeRecords(batch, memory));
  pool.give(memory);
  return packed;
}
