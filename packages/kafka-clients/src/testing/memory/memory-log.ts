import { KafkaClientError } from '../../kafka-client-error.js';
import type { FetchedRecord, TopicPartition } from '../../transport/transport-consumer.js';
import type { OutgoingRecord, ProduceBatch } from '../../transport/transport-producer.js';

interface WrittenBatch {
  readonly firstSequence: number;
  readonly count: number;
  readonly baseOffset: number;
}

/** How many batches of one producer a broker remembers per partition. */
const REMEMBERED_BATCHES = 5;

/** One partition's records, with the sequence rules that brokers apply to idempotent producers. */
export class MemoryPartition {
  readonly #at: TopicPartition;
  readonly records: FetchedRecord[] = [];
  readonly #producers = new Map<string, WrittenBatch[]>();

  constructor(at: TopicPartition) {
    this.#at = at;
  }

  append(batch: ProduceBatch): number {
    const baseOffset = this.records.length;
    if (batch.identity) {
      const key = `${batch.identity.producerId}/${batch.identity.producerEpoch}`;
      const firstSequence = batch.firstSequence ?? 0;
      const written = this.#producers.get(key) ?? [];
      const again = written.find(
        (known) => known.firstSequence === firstSequence && known.count === batch.records.length,
      );
      if (again) return again.baseOffset;
      const last = written.at(-1);
      const expected = last ? last.firstSequence + last.count : 0;
      if (firstSequence !== expected) {
        throw new KafkaClientError(`Sequence ${firstSequence} came where ${expected} was expected.`, {
          code: 'sequence_lost',
        });
      }
      this.#producers.set(
        key,
        [...written, { firstSequence, count: batch.records.length, baseOffset }].slice(-REMEMBERED_BATCHES),
      );
    }
    for (const record of batch.records) this.records.push(stored(this.#at, record, this.records.length));
    return baseOffset;
  }

  /** Forgets who wrote, as a broker does that lost its producer state. */
  forgetProducers(): void {
    this.#producers.clear();
  }
}

const bytes = (value: Buffer | string | null): Buffer | null => (value === null ? null : Buffer.from(value));

function stored({ topic, partition }: TopicPartition, record: OutgoingRecord, offset: number): FetchedRecord {
  const headers: Record<string, Buffer | Buffer[]> = {};
  for (const [name, value] of Object.entries(record.headers ?? {})) {
    headers[name] = Array.isArray(value) ? value.map((one) => Buffer.from(one)) : Buffer.from(value as Buffer | string);
  }
  return {
    topic,
    partition,
    offset: String(offset),
    key: bytes(record.key),
    value: bytes(record.value),
    headers,
    timestamp: record.timestamp,
  };
}
