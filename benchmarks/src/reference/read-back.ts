import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import avsc from 'avsc';
import kafkajs, { type Kafka } from 'kafkajs';
import { decompressFrame } from 'lz4-napi';
import { repositoryRoot } from '../harness/repository-root.js';
import type { Contestant } from './contestant.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** The reference compresses with lz4, of which kafkajs has nothing of its own. */
CompressionCodecs[CompressionTypes.LZ4] = () => ({
  compress: () => {
    throw new Error('Nothing is written here.');
  },
  decompress: (bytes: Buffer) => decompressFrame(bytes),
});

/** Bytes of the Confluent header before the Avro. */
const headerBytes = 5;

/** What stands in a contestant's topics, by the broker's own clock. */
export interface ReadBack {
  /** Ticks in all. */
  readonly ticks: number;
  /** Ticks that the broker appended between `from` and `to`. */
  readonly inWindow: number;
  /** Waits of those from receipt to the broker's log, in ms, sorted. */
  readonly waits: Float64Array;
}

interface Envelope {
  readonly data: readonly { readonly received_at: number }[];
}

/** Reads every message of the topics; `from` and `to` in Unix ms bound the window. */
export async function readBack(
  kafka: Kafka,
  topics: readonly string[],
  format: Contestant['format'],
  from: number,
  to: number,
): Promise<ReadBack> {
  const expected = await countMessages(kafka, topics);
  const readers = new Map(topics.map((topic) => [topic, readerOf(topic, format)]));
  const waits: number[] = [];
  let ticks = 0;
  let messages = 0;
  const consumer = kafka.consumer({ groupId: `${topics[0]}-read-back`, maxBytesPerPartition: 8 * 1024 * 1024 });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      if (expected === 0) resolve();
      consumer
        .run({
          eachBatch: async ({ batch }) => {
            const read = readers.get(batch.topic)!;
            for (const { value, timestamp } of batch.messages) {
              const appendedAt = Number(timestamp);
              for (const receivedAt of read(value!)) {
                ticks += 1;
                if (appendedAt >= from && appendedAt < to) waits.push(appendedAt - receivedAt * 1000);
              }
            }
            messages += batch.messages.length;
            if (messages >= expected) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return { ticks, inWindow: waits.length, waits: Float64Array.from(waits).sort() };
}

async function countMessages(kafka: Kafka, topics: readonly string[]): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    let count = 0;
    for (const topic of topics) {
      for (const { high, low } of await admin.fetchTopicOffsets(topic)) count += Number(high) - Number(low);
    }
    return count;
  } finally {
    await admin.disconnect();
  }
}

/** Reads the receipt time of every tick of a message, in Unix seconds. */
function readerOf(topic: string, format: Contestant['format']): (value: Buffer) => readonly number[] {
  if (format === 'json') {
    return (value) => [(JSON.parse(value.toString()) as { receipt_timestamp: number }).receipt_timestamp];
  }
  const file = topic.includes('realtime.ticker') ? 'ticker_data.avsc' : 'trade_data.avsc';
  const type = avsc.Type.forSchema(JSON.parse(readFileSync(join(repositoryRoot(), 'schemas', file), 'utf8')));
  return (value) => (type.fromBuffer(value.subarray(headerBytes)) as Envelope).data.map((tick) => tick.received_at);
}

/** The value that `share` (0 to 1) of the sorted values do not exceed; null of none. */
export const quantile = (sorted: Float64Array, share: number): number | null =>
  sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
