import type { Clock, Logger, Metrics } from '@naru/core';
import type { Partitioner } from '../partitioner/partitioner.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { Compression } from '../transport/transport-producer.js';
import type { DeliveryReport, OnDelivery, ProducerMessage } from './message.js';
import type { ProducerEvent, QueueStatus } from './producer-events.js';
import type { OverflowPolicy, QueueBoundsOptions } from './queue-bounds.js';

export interface KafkaProducerOptions extends QueueBoundsOptions {
  readonly transport: KafkaTransport;
  /** Names the producer in events, metrics and logs. Default 'producer'. */
  readonly name?: string | undefined;
  /** How long a message may wait for others of its partition, milliseconds. Default 50. */
  readonly lingerMs?: number | undefined;
  /** A partition's batch is sent when it reaches this size. Default 131,072 (128 KiB). */
  readonly batchBytes?: number | undefined;
  /** A partition's batch is sent when it has this many messages. Default 10,000. */
  readonly batchCount?: number | undefined;
  /** The largest message taken, by estimate. Default 1,000,000: under the brokers' default of 1,048,588. */
  readonly maxMessageBytes?: number | undefined;
  /** What a full queue does. Default 'wait'. */
  readonly overflow?: OverflowPolicy | undefined;
  /** How many callers may wait at once for room before they are refused after all. Default 10,000. */
  readonly maxWaiting?: number | undefined;
  /** Default 'none', which every reader can read: stock kafkajs unpacks nothing but gzip. */
  readonly compression?: Compression | undefined;
  /** -1: all in-sync replicas, 1: the leader, 0: nobody. Default -1. */
  readonly acks?: -1 | 0 | 1 | undefined;
  /** Lets brokers recognise what a retry sends twice. Needs acks -1. Default true. */
  readonly idempotent?: boolean | undefined;
  /** From `send` to the last attempt, milliseconds. Default 300,000. */
  readonly deliveryTimeoutMs?: number | undefined;
  /** One request, milliseconds. Default 60,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** First wait before a retry, milliseconds; doubles up to ten seconds. Default 500. */
  readonly retryBackoffMs?: number | undefined;
  /** How often `queue_status_report` is emitted while connected, milliseconds; 0 for never. Default 30,000. */
  readonly statusIntervalMs?: number | undefined;
  readonly partitioner?: Partitioner | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  readonly metrics?: Metrics | undefined;
  /** Backpressure, retries, deliveries per batch. Must return quickly; what it throws is logged. */
  readonly onEvent?: ((event: ProducerEvent) => void) | undefined;
}

/** Gathers messages per partition and writes them in batches. */
export interface KafkaProducer {
  readonly name: string;
  /** Connects, and obtains the identity when idempotent. Messages sent before are kept. Rejects with `closed` when `close()` comes first. */
  connect(): Promise<void>;
  /**
   * Queues a message and returns; what became of it goes to `onDelivery`, exactly once, never before `send` returned.
   * Answers undefined when the message was taken at once, and with the policy `wait` a promise while the producer is
   * throttled: it resolves when the message was taken, so `await producer.send(…)` slows the caller to Kafka's pace.
   *
   * @throws {KafkaClientError} `invalid_message` when the message can never be sent.
   */
  send(message: ProducerMessage, onDelivery?: OnDelivery): Promise<void> | undefined;
  /** Resolves on the broker's acknowledgement. Rejects with `possiblyWritten` saying whether it may be in the log. */
  sendAndWait(message: ProducerMessage): Promise<DeliveryReport>;
  /** Sends what is queued without lingering and waits until all of it is decided. Rejects with `flush_timeout`. */
  flush(timeoutMs?: number): Promise<void>;
  readonly queueStatus: QueueStatus;
  /** Refuses new messages, flushes, disconnects. Safe to call twice. */
  close(timeoutMs?: number): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
