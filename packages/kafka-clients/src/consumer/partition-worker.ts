import type { Clock } from '@naru/core';
import type { FetchedBatch, OffsetToCommit, TopicPartition } from '../transport/transport-consumer.js';
import type { CommitSource } from './committer.js';
import { type HandlerContext, type HandlingOptions, type HandlingOutcome, retry } from './handling.js';
import { MessageQueue } from './message-queue.js';
import { type Delivered, OffsetTracker } from './offset-tracker.js';
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

/** Handlers that answer at once are called this often in a row before others get their turn of the event loop. */
const TURN = 1_000;

/** One assigned partition: its waiting messages, the handlers at work on it, and what may be committed. */
export class PartitionWorker implements CommitSource {
  readonly topic: string;
  readonly partition: number;
  /** Monotonic milliseconds of the last records. */
  lastRecordsAt: number;
  /** Whether the broker has more than has come here. */
  behind = false;
  readonly #options: PartitionWorkerOptions;
  readonly #abort = new AbortController();
  readonly #firstTry: HandlerContext;
  readonly #waiting = new MessageQueue();
  readonly #tracker = new OffsetTracker();
  /** When each message that is in its handler got there, oldest first. */
  readonly #startedAt = new Map<Delivered, number>();
  #paused = false;
  #stopped = false;
  #filling = false;
  #onIdle: (() => void)[] = [];

  constructor(options: PartitionWorkerOptions) {
    this.#options = options;
    this.topic = options.topic;
    this.partition = options.partition;
    this.lastRecordsAt = options.clock.monotonic();
    this.#firstTry = { signal: this.#abort.signal, attempt: 1 };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get paused(): boolean {
    return this.#paused;
  }

  get committable(): OffsetToCommit | undefined {
    const { topic, partition } = this;
    const offset = this.#tracker.committable;
    return offset === undefined ? undefined : { topic, partition, offset };
  }

  /** Monotonic start of the message that has been in its handler longest. */
  get busySince(): number | undefined {
    for (const at of this.#startedAt.values()) return at;
    return undefined;
  }

  accept(batch: FetchedBatch): void {
    if (this.#stopped) return;
    this.#waiting.push(batch.records);
    this.lastRecordsAt = this.#options.clock.monotonic();
    const next = batch.nextOffset ?? behindLast(batch);
    this.behind = next !== undefined && BigInt(next) < BigInt(batch.highWatermark);
    if (!this.#paused && this.waiting >= this.#options.highWatermark) {
      this.#paused = true;
      this.#options.pause();
    }
    this.#fill();
  }

  /** Takes no more messages; resolves when those in the handlers are decided. What waits will be fetched again. */
  drain(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    if (this.#startedAt.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /** Lets go of everything, also of what is in the handlers: their signal is aborted and their result ignored. */
  abandon(): void {
    void this.drain();
    this.#abort.abort();
  }

  #fill(): void {
    if (this.#filling) return;
    this.#filling = true;
    let left = TURN;
    while (!this.#stopped && this.#startedAt.size < this.#options.concurrency && left > 0) {
      const message = this.#waiting.shift();
      if (!message) break;
      this.#start(message);
      left -= 1;
    }
    this.#filling = false;
    if (left === 0) setImmediate(() => this.#fill());
    if (this.#paused && !this.#stopped && this.waiting <= this.#options.lowWatermark) {
      this.#paused = false;
      // Time spent paused is no sign of a stuck fetch.
      this.lastRecordsAt = this.#options.clock.monotonic();
      this.#options.resume();
    }
  }

  /** The common case costs no promise of ours: a handler that answers at once, or one that resolves the first time. */
  #start(message: ReceivedMessage): void {
    const { handling, clock } = this.#options;
    const receipt = this.#tracker.deliver(message.offset);
    let result: Promise<void> | void;
    try {
      result = handling.handler(message, this.#firstTry);
    } catch (error) {
      result = Promise.reject(error);
    }
    if (!isThenable(result)) {
      this.#finish(message, receipt, 'handled');
      return;
    }
    this.#startedAt.set(receipt, clock.monotonic());
    result.then(
      () => this.#settle(message, receipt, 'handled'),
      (error) => {
        retry(message, error, handling, this.#abort.signal).then((outcome) => this.#settle(message, receipt, outcome));
      },
    );
  }

  #settle(message: ReceivedMessage, receipt: Delivered, outcome: HandlingOutcome): void {
    this.#startedAt.delete(receipt);
    this.#finish(message, receipt, outcome);
    this.#fill();
    if (this.#startedAt.size === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #finish(message: ReceivedMessage, receipt: Delivered, outcome: HandlingOutcome): void {
    if (outcome === 'abandoned' || this.#abort.signal.aborted) return;
    this.#tracker.markDone(receipt);
    this.#options.onDone(message, outcome);
  }
}

/** The offset behind the last record. */
function behindLast({ records }: FetchedBatch): string | undefined {
  const last = records.at(-1);
  return last && (BigInt(last.offset) + 1n).toString();
}

const isThenable = (value: unknown): value is Promise<void> =>
  typeof (value as Promise<void> | undefined)?.then === 'function';
