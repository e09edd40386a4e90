import type { KafkaClientError } from '../kafka-client-error.js';
import type { RecordHeaders } from '../transport/transport-producer.js';

/** What a caller sends. */
export interface ProducerMessage {
  readonly topic: string;
  /** Messages with equal keys keep their order. Without a key the partition is the producer's choice. */
  readonly key?: Buffer | string | null | undefined;
  /** null is a tombstone. */
  readonly value: Buffer | string | null;
  readonly headers?: RecordHeaders | undefined;
  /** Overrules the choice by key. */
  readonly partition?: number | undefined;
  /** Unix milliseconds. Default: the time of the call. */
  readonly timestamp?: number | undefined;
}

/** What became of a message that was written. */
export interface DeliveryReport {
  readonly topic: string;
  readonly partition: number;
  /** Decimal offset of the record; '-1' with `acks: 0`, where the broker does not say. */
  readonly offset: string;
  /** From `send` to the acknowledgement. */
  readonly latencyMs: number;
  /** True when a retry may have written the message twice. */
  readonly possiblyDuplicated: boolean;
}

/** Called once per message: an error, or a report. */
export type OnDelivery = (error: KafkaClientError | null, report: DeliveryReport | null) => void;

/** A message inside the producer. */
export interface QueuedMessage {
  readonly topic: string;
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers: RecordHeaders | undefined;
  readonly timestamp: number;
  /** Estimate of what it takes in memory and on the wire. */
  readonly bytes: number;
  /** Monotonic milliseconds. */
  readonly acceptedAt: number;
  /** Which `flush` waits for it. */
  readonly flushRound: number;
  readonly onDelivery: OnDelivery | undefined;
}

/** Length, offsets, timestamps and bookkeeping that every record carries besides its own bytes. */
const RECORD_OVERHEAD = 70;

const lengthOf = (part: Buffer | string): number => (typeof part === 'string' ? Buffer.byteLength(part) : part.length);

/** Bytes a message counts for in queues and batches. */
export function estimateBytes(message: ProducerMessage): number {
  let bytes = RECORD_OVERHEAD;
  if (message.key != null) bytes += lengthOf(message.key);
  if (message.value != null) bytes += lengthOf(message.value);
  if (message.headers) {
    for (const name of Object.keys(message.headers)) {
      const value = message.headers[name]!;
      const values = Array.isArray(value) ? value : [value as Buffer | string];
      for (const one of values) bytes += name.length + lengthOf(one) + 4;
    }
  }
  return bytes;
}

export function bytesOf(batch: readonly QueuedMessage[]): number {
  let bytes = 0;
  for (const message of batch) bytes += message.bytes;
  return bytes;
}
