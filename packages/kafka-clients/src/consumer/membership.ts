import type { Clock } from '@naru/core';
import { KafkaClientError, toKafkaClientError } from '../kafka-client-error.js';
import type { FetchedBatch, TopicPartition, TransportConsumer } from '../transport/transport-consumer.js';
import { Committer } from './committer.js';
import type { HandlingOptions, HandlingOutcome } from './handling.js';
import { PartitionWorker } from './partition-worker.js';
import type { ReceivedMessage } from './received-message.js';

export interface MembershipOptions {
  readonly transport: TransportConsumer;
  readonly handling: HandlingOptions;
  readonly clock: Clock;
  readonly concurrency: number;
  readonly maxQueuedPerPartition: number;
  readonly commitIntervalMs: number;
  readonly maxProcessingMs: number;
  readonly drainTimeoutMs: number;
  readonly stallTimeoutMs: number;
  onAssigned(partitions: readonly TopicPartition[]): void;
  onRevoking(): void;
  onDone(message: ReceivedMessage, outcome: HandlingOutcome): void;
  onCommitError(error: unknown): void;
  /** The membership is over; nothing of it goes on. */
  onEnded(error: KafkaClientError): void;
}

const WATCH_INTERVAL_MS = 1_000;

/** One membership in the group: the workers of the partitions it has, their commits, and a watch over their progress. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #committer: Committer;
  #workers = new Map<string, PartitionWorker>();
  #cancelWatch: (() => void) | undefined;
  #over = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#committer = new Committer({
      clock: options.clock,
      intervalMs: options.commitIntervalMs,
      commit: (offsets) => options.transport.commit(offsets),
      onError: options.onCommitError,
    });
  }

  async start(): Promise<void> {
    await this.#options.transport.start({
      assigned: (partitions) => this.#assign(partitions),
      records: (batch) => this.#accept(batch),
      revoking: () => this.#revoke(),
      lost: () => this.#abandon(),
      failed: (error) => this.#end(error),
    });
    this.#watch();
  }

  commit(): Promise<void> {
    return this.#committer.flush();
  }

  /** Lets the handlers finish, commits and leaves. */
  async close(): Promise<void> {
    this.#over = true;
    this.#cancelWatch?.();
    await this.#drain();
    await this.#options.transport.close();
  }

  /** Leaves at once; what is in the handlers will be handled again by whoever gets the partitions. */
  async leave(): Promise<void> {
    this.#over = true;
    this.#cancelWatch?.();
    await this.#committer.flush();
    this.#abandon();
    await this.#options.transport.close();
  }

  #assign(partitions: readonly TopicPartition[]): void {
    const { handling, clock, concurrency, maxQueuedPerPartition, transport, onDone } = this.#options;
    for (const { topic, partition } of partitions) {
      const worker = new PartitionWorker({
        topic,
        partition,
        handling,
        clock,
        concurrency,
        highWatermark: maxQueuedPerPartition,
        lowWatermark: maxQueuedPerPartition >> 1,
        pause: () => transport.pause({ topic, partition }),
        resume: () => transport.resume({ topic, partition }),
        onDone: (message, outcome) => {
          this.#committer.add(worker);
          onDone(message, outcome);
        },
      });
      this.#workers.set(`${topic}/${partition}`, worker);
    }
    this.#options.onAssigned(partitions);
  }

  #accept(batch: FetchedBatch): void {
    this.#workers.get(`${batch.topic}/${batch.partition}`)?.accept(batch);
  }

  async #revoke(): Promise<void> {
    this.#options.onRevoking();
    await this.#drain();
  }

  async #drain(): Promise<void> {
    const { clock, drainTimeoutMs } = this.#options;
    const workers = [...this.#workers.values()];
    let cancel: (() => void) | undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.schedule(drainTimeoutMs, resolve);
    });
    await Promise.race([Promise.all(workers.map((worker) => worker.drain())), late]);
    cancel?.();
    await this.#committer.flush();
    this.#abandon();
  }

  #abandon(): void {
    for (const worker of this.#workers.values()) worker.abandon();
    this.#workers = new Map();
    this.#committer.clear();
  }

  #watch(): void {
    if (this.#over) return;
    this.#cancelWatch = this.#options.clock.schedule(WATCH_INTERVAL_MS, () => {
      const stuck = this.#findStuck();
      if (stuck)
        void this.leave()
          .catch(() => {})
          .then(() => this.#options.onEnded(stuck));
      else this.#watch();
    });
  }

  #findStuck(): KafkaClientError | undefined {
    const { clock, maxProcessingMs, stallTimeoutMs } = this.#options;
    const now = clock.monotonic();
    for (const worker of this.#workers.values()) {
      const where = `${worker.topic}/${worker.partition}`;
      const { busySince } = worker;
      if (busySince !== undefined && now - busySince >= maxProcessingMs) {
        return new KafkaClientError(
          `A message of ${where} has been in its handler for over ${maxProcessingMs} ms. Make the handler faster or heed its signal, or raise maxProcessingMs.`,
          { code: 'stalled', retryable: true },
        );
      }
      const fetching = worker.behind && !worker.paused && worker.waiting === 0 && busySince === undefined;
      if (fetching && now - worker.lastRecordsAt >= stallTimeoutMs) {
        return new KafkaClientError(
          `${where} has records but none came for ${stallTimeoutMs} ms; the membership is renewed.`,
          {
            code: 'stalled',
            retryable: true,
          },
        );
      }
    }
    return undefined;
  }

  #end(error: KafkaClientError): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelWatch?.();
    this.#abandon();
    this.#options.transport
      .close()
      .catch(() => {})
      .then(() => this.#options.onEnded(toKafkaClientError(error)));
  }
}
