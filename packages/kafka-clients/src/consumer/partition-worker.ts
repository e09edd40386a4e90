import type { Clock } from '@naru/core';
import type { FetchedBatch, TopicPartition } from '../transport/transport-consumer.js';
import { type HandlingOptions, type HandlingOutcome, handle } from './handling.js';
import { OffsetTracker } from './offset-tracker.js';
import type { ReceivedMessage } from './received-message.js';

export interface PartitionWorkerOptions extends TopicPartition {
  readonly handling: HandlingOptions;
  readonly clock: Clock;
  /** How many messages of the partition are handled at once; 1 keeps their order. */
  readonly concurrency: number;
  /** Fetching pauses at this many waiting messages … */
  readonly highWatermark: number;
  /** … and resumes at this many. */
  readonly lowWatermark: number;
  pause(): void;
  resume(): void;
  onDone(message: ReceivedMessage, outcome: HandlingOutcome): void;
}

/** One assigned partition: its waiting messages, the handlers at work on it, and what may be committed. */
export class PartitionWorker {
  readonly topic: string;
  readonly partition: number;
  readonly tracker: OffsetTracker = new OffsetTracker();
  /** Monotonic milliseconds of the last records. */
  lastRecordsAt: number;
  /** Whether the broker has more than has come here. */
  behind = false;
  readonly #options: PartitionWorkerOptions;
  readonly #abort = new AbortController();
  #waiting: ReceivedMessage[] = [];
  #head = 0;
  readonly #startedAt = new Set<{ readonly at: number }>();
  #paused = false;
  #stopped = false;
  #onIdle: (() => void)[] = [];

  constructor(options: PartitionWorkerOptions) {
    this.#options = options;
    this.topic = options.topic;
    this.partition = options.partition;
    this.lastRecordsAt = options.clock.monotonic();
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Monotonic start of the message that has been in its handler longest. */
  get busySince(): number | undefined {
    let oldest: number | undefined;
    for (const { at } of this.#startedAt) if (oldest === undefined || at < oldest) oldest = at;
    return oldest;
  }

  accept(batch: FetchedBatch): void {
    if (this.#stopped) return;
    const { topic, partition } = this;
    for (const record of batch.records) this.#waiting.push({ ...record, topic, partition });
    this.lastRecordsAt = this.#options.clock.monotonic();
    const last = batch.records.at(-1);
    this.behind = last !== undefined && Number(last.offset) + 1 < Number(batch.highWatermark);
    if (!this.#paused && this.waiting >= this.#options.highWatermark) {
      this.#paused = true;
      this.#options.pause();
    }
    this.#fill();
  }

  /** Takes no more messages; resolves when those in the handlers are decided. What waits will be fetched again. */
  drain(): Promise<void> {
    this.#stopped = true;
    this.#waiting = [];
    this.#head = 0;
    if (this.#startedAt.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Lets go of everything, also of what is in the handlers: their signal is aborted and their result ignored. */
  abandon(): void {
    void this.drain();
    this.#abort.abort();
  }

  #fill(): void {
    while (!this.#stopped && this.#startedAt.size < this.#options.concurrency && this.waiting > 0) {
      const message = this.#waiting[this.#head]!;
      this.#head += 1;
      if (this.#head === this.#waiting.length || this.#head > 1_024) {
        this.#waiting = this.#waiting.slice(this.#head);
        this.#head = 0;
      }
      void this.#work(message);
    }
    if (this.#paused && !this.#stopped && this.waiting <= this.#options.lowWatermark) {
      this.#paused = false;
      // Time spent paused is no sign of a stuck fetch.
      this.lastRecordsAt = this.#options.clock.monotonic();
      this.#options.resume();
    }
  }

  async #work(message: ReceivedMessage): Promise<void> {
    const done = this.tracker.deliver(message.offset);
    const started = { at: this.#options.clock.monotonic() };
    this.#startedAt.add(started);
    const outcome = await handle(message, this.#options.handling, this.#abort.signal);
    this.#startedAt.delete(started);
    if (outcome !== 'abandoned' && !this.#abort.signal.aborted) {
      done();
      this.#options.onDone(message, outcome);
    }
    this.#fill();
    if (this.#startedAt.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
