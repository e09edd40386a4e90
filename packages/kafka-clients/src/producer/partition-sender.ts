import type { Clock } from '@naru/core';
import { backoff } from '../backoff.js';
import { KafkaClientError, toKafkaClientError } from '../kafka-client-error.js';
import type { ProducerIdentity, TransportProducer } from '../transport/transport-producer.js';
import { bytesOf, type QueuedMessage } from './message.js';
import { PartitionQueue } from './partition-queue.js';
import type { ProducerIdentities } from './producer-identities.js';

export interface PartitionSenderOptions {
  readonly topic: string;
  readonly partition: number;
  readonly transport: TransportProducer;
  /** Absent when the producer is not idempotent. */
  readonly identities: ProducerIdentities | undefined;
  readonly clock: Clock;
  readonly lingerMs: number;
  readonly batchBytes: number;
  readonly batchCount: number;
  readonly deliveryTimeoutMs: number;
  readonly retryBackoffMs: number;
  /** Whether lingering must be cut short: a flush is waited for, or memory is tight. */
  urgent(): boolean;
  onRetry(error: KafkaClientError, messages: number): void;
  onBatchClosed(topic: string, partition: number): void;
  onDelivered(batch: readonly QueuedMessage[], baseOffset: string, possiblyDuplicated: boolean): void;
  onFailed(batch: readonly QueuedMessage[], error: KafkaClientError): void;
}

const SEQUENCE_MASK = 0x7fffffff;

/**
 * Sends the messages of one partition, one batch in flight at a time: that keeps their order through any number of
 * retries. Other partitions have their own senders, so several requests are in flight at once.
 */
export class PartitionSender {
  readonly queue: PartitionQueue = new PartitionQueue();
  readonly #options: PartitionSenderOptions;
  #sending = false;
  #cancelLinger: (() => void) | undefined;
  #wakeScheduled = false;
  #identity: ProducerIdentity | undefined;
  #nextSequence = 0;
  readonly #closing = new AbortController();

  constructor(options: PartitionSenderOptions) {
    this.#options = options;
  }

  accept(message: QueuedMessage): void {
    this.queue.push(message);
    this.wake();
  }

  /** Gives back what is not in flight; what is will not be tried again. */
  close(): QueuedMessage[] {
    this.#cancelLinger?.();
    this.#closing.abort();
    return this.queue.drain();
  }

  /** Sends if something is due, else makes sure to look again when it will be. */
  wake(): void {
    if (this.#sending || this.queue.length === 0) return;
    if (this.#full() || this.#options.urgent()) {
      this.#soon();
      return;
    }
    // The timer tells when the oldest message has lingered long enough: the clock need not be read with every message.
    if (this.#cancelLinger) return;
    const { lingerMs, clock } = this.#options;
    const waited = lingerMs === 0 ? 0 : clock.monotonic() - this.queue.oldest!.acceptedAt;
    if (waited >= lingerMs) {
      this.#soon();
      return;
    }
    this.#cancelLinger = clock.schedule(lingerMs - waited, () => {
      this.#cancelLinger = undefined;
      this.#soon();
    });
  }

  #full(): boolean {
    return this.queue.bytes >= this.#options.batchBytes || this.queue.length >= this.#options.batchCount;
  }

  /** After the caller's synchronous work, so that messages sent in one go share a batch. */
  #soon(): void {
    if (this.#wakeScheduled) return;
    this.#wakeScheduled = true;
    queueMicrotask(() => {
      this.#wakeScheduled = false;
      if (!this.#sending && this.queue.length > 0) void this.#sendNext();
    });
  }

  async #sendNext(): Promise<void> {
    const { batchBytes, batchCount, topic, partition } = this.#options;
    this.#sending = true;
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    const batch = this.queue.take(batchBytes, batchCount);
    this.#options.onBatchClosed(topic, partition);
    await this.#deliver(batch);
    this.#sending = false;
    this.wake();
  }

  async #deliver(batch: readonly QueuedMessage[]): Promise<void> {
    const { topic, partition, transport, identities, clock } = this.#options;
    const deadline = batch[0]!.acceptedAt + this.#options.deliveryTimeoutMs;
    let possiblyWritten = false;
    let possiblyDuplicated = false;
    // Kept through the retries: only under the same identity and sequence can the broker recognise the batch.
    let identity: ProducerIdentity | undefined;
    for (let attempt = 1; ; attempt += 1) {
      try {
        if (clock.monotonic() >= deadline) throw this.#expired(possiblyWritten);
        if (!identity) {
          if (possiblyWritten) possiblyDuplicated = true;
          if (identities) identity = identities.current ?? (await this.#before(deadline, identities.get(), false));
          if (identity !== this.#identity) {
            this.#identity = identity;
            this.#nextSequence = 0;
          }
        }
        const firstSequence = this.#nextSequence;
        const { baseOffset } = await this.#before(
          deadline,
          transport.produce({
            topic,
            partition,
            records: batch,
            bytes: bytesOf(batch),
            ...(identity && { identity, firstSequence }),
          }),
          true,
        );
        this.#nextSequence = (firstSequence + batch.length) & SEQUENCE_MASK;
        this.#options.onDelivered(batch, baseOffset, possiblyDuplicated);
        return;
      } catch (thrown) {
        const error = toKafkaClientError(thrown);
        possiblyWritten ||= error.possiblyWritten;
        if (identity && identities && (error.code === 'sequence_lost' || error.code === 'producer_fenced')) {
          // The broker may hold earlier attempts of this batch under sequences it no longer knows.
          if (attempt > 1) possiblyWritten = true;
          identities.retire(identity);
          identity = undefined;
          if (clock.monotonic() < deadline) {
            this.#options.onRetry(error, batch.length);
            if (attempt > 1) await this.#pause(attempt - 1);
            if (!this.#closing.signal.aborted) continue;
          }
        }
        if (error.code === 'message_too_large' && batch.length > 1) return await this.#deliverHalves(batch);
        if (!error.retryable) return this.#giveUp(batch, error, possiblyWritten, identity);
        if (this.#closing.signal.aborted) return this.#giveUp(batch, this.#abandoned(error), possiblyWritten, identity);
        if (clock.monotonic() >= deadline) {
          return this.#giveUp(batch, this.#expired(possiblyWritten, error), possiblyWritten, identity);
        }
        this.#options.onRetry(error, batch.length);
        await this.#pause(attempt);
      }
    }
  }

  /** The wait before the next attempt; closing cuts it short. */
  #pause(attempt: number): Promise<void> {
    return backoff(this.#options.clock, attempt, this.#options.retryBackoffMs, this.#closing.signal);
  }

  #abandoned(cause: KafkaClientError): KafkaClientError {
    const { topic, partition } = this.#options;
    return new KafkaClientError(`The producer was closed while ${topic}/${partition} took nothing. ${cause.message}`, {
      code: 'closed',
      cause,
    });
  }

  async #deliverHalves(batch: readonly QueuedMessage[]): Promise<void> {
    const middle = batch.length >> 1;
    await this.#deliver(batch.slice(0, middle));
    await this.#deliver(batch.slice(middle));
  }

  #giveUp(
    batch: readonly QueuedMessage[],
    error: KafkaClientError,
    possiblyWritten: boolean,
    identity: ProducerIdentity | undefined,
  ): void {
    // The sequences of a batch in doubt may be used: going on with either number could be refused for ever.
    if (possiblyWritten && identity) this.#options.identities?.retire(identity);
    const final =
      possiblyWritten === error.possiblyWritten
        ? error
        : new KafkaClientError(error.message, {
            code: error.code,
            retryable: error.retryable,
            possiblyWritten,
            cause: error,
          });
    this.#options.onFailed(batch, final);
  }

  /** Waits for `work` no longer than the deadline. */
  #before<T>(deadline: number, work: Promise<T>, inDoubt: boolean): Promise<T> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const cancel = clock.schedule(deadline - clock.monotonic(), () => reject(this.#expired(inDoubt)));
      work.then(resolve, reject).finally(cancel);
    });
  }

  #expired(possiblyWritten: boolean, cause?: KafkaClientError): KafkaClientError {
    const { topic, partition, deliveryTimeoutMs } = this.#options;
    const last = cause ? ` The last attempt said: ${cause.message}` : '';
    return new KafkaClientError(
      `Not delivered to ${topic}/${partition} within ${deliveryTimeoutMs} ms.${last} Check the brokers, or raise deliveryTimeoutMs.`,
      { code: 'delivery_timeout', possiblyWritten, cause },
    );
  }
}
