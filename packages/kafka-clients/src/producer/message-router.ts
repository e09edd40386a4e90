import type { Clock } from '@naru/core';
import { backoff } from '../backoff.js';
import { KafkaClientError, toKafkaClientError } from '../kafka-client-error.js';
import type { Partitioner } from '../partitioner/partitioner.js';
import type { TransportProducer } from '../transport/transport-producer.js';
import type { QueuedMessage } from './message.js';
import type { PartitionSender } from './partition-sender.js';

export interface MessageRouterOptions {
  readonly transport: TransportProducer;
  readonly partitioner: Partitioner;
  readonly clock: Clock;
  readonly deliveryTimeoutMs: number;
  readonly retryBackoffMs: number;
  createSender(topic: string, partition: number): PartitionSender;
  onFailed(messages: readonly QueuedMessage[], error: KafkaClientError): void;
}

interface TopicState {
  readonly senders: (PartitionSender | undefined)[];
  /** Messages accepted before the number of partitions was known, with the partition they ask for. */
  readonly unplaced: { readonly message: QueuedMessage; readonly partition: number | undefined }[];
  looking: boolean;
}

/** Brings each message to the sender of its partition. Until a topic's partitions are known its messages wait here. */
export class MessageRouter {
  readonly #options: MessageRouterOptions;
  readonly #topics = new Map<string, TopicState>();
  #open = false;

  constructor(options: MessageRouterOptions) {
    this.#options = options;
  }

  /** The transport is connected: topics can be asked for. */
  open(): void {
    this.#open = true;
    for (const [name, topic] of this.#topics) if (topic.unplaced.length > 0) void this.#look(name, topic);
  }

  route(message: QueuedMessage, partition: number | undefined): void {
    const { topic: name } = message;
    let topic = this.#topics.get(name);
    if (!topic) {
      topic = { senders: [], unplaced: [], looking: false };
      this.#topics.set(name, topic);
    }
    const partitions = topic.unplaced.length === 0 ? this.#options.transport.knownPartitionCount(name) : undefined;
    if (partitions !== undefined) {
      this.#place(topic, message, partition, partitions);
      return;
    }
    topic.unplaced.push({ message, partition });
    if (!topic.looking && this.#open) void this.#look(name, topic);
  }

  /** Lets every sender look whether something is due. */
  wakeAll(): void {
    for (const sender of this.#senders()) sender.wake();
  }

  /** Takes the message that has waited longest and is not in flight. */
  takeOldest(): QueuedMessage | undefined {
    let since = Number.POSITIVE_INFINITY;
    let take: (() => QueuedMessage | undefined) | undefined;
    for (const { unplaced, senders } of this.#topics.values()) {
      const first = unplaced[0]?.message;
      if (first && first.acceptedAt < since) {
        since = first.acceptedAt;
        take = () => unplaced.shift()?.message;
      }
      for (const sender of senders) {
        const oldest = sender?.queue.oldest;
        if (!oldest || oldest.acceptedAt >= since) continue;
        since = oldest.acceptedAt;
        take = () => sender?.queue.shift();
      }
    }
    return take?.();
  }

  /** Takes everything that is not in flight; nothing is looked for or tried again any more. */
  close(): QueuedMessage[] {
    this.#open = false;
    const left: QueuedMessage[] = [];
    for (const topic of this.#topics.values()) for (const { message } of topic.unplaced.splice(0)) left.push(message);
    for (const sender of this.#senders()) left.push(...sender.close());
    return left;
  }

  *#senders(): IterableIterator<PartitionSender> {
    for (const { senders } of this.#topics.values()) for (const sender of senders) if (sender) yield sender;
  }

  #place(topic: TopicState, message: QueuedMessage, asked: number | undefined, partitions: number): void {
    const partition = this.#choose(message, asked, partitions);
    if (partition instanceof KafkaClientError) {
      queueMicrotask(() => this.#options.onFailed([message], partition));
      return;
    }
    let sender = topic.senders[partition];
    if (!sender) {
      sender = this.#options.createSender(message.topic, partition);
      topic.senders[partition] = sender;
    }
    sender.accept(message);
  }

  /** The message's partition, or why it has none: a partitioner may be anybody's. */
  #choose({ topic, key }: QueuedMessage, asked: number | undefined, partitions: number): number | KafkaClientError {
    let partition = asked;
    try {
      partition ??= this.#options.partitioner.choose(topic, key, partitions);
    } catch (thrown) {
      const said = thrown instanceof Error ? thrown.message : String(thrown);
      return noPartition(topic, partitions, `the partitioner threw: ${said}`, thrown);
    }
    if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition;
    const chosen = asked === undefined ? 'the partitioner chose' : 'a message asked for';
    return noPartition(topic, partitions, `${chosen} partition ${partition}`);
  }

  /** Asks for the topic's partitions until they are known or the messages that wait for them are too old. */
  async #look(name: string, topic: TopicState): Promise<void> {
    const { transport, clock, deliveryTimeoutMs, retryBackoffMs, onFailed } = this.#options;
    topic.looking = true;
    for (let attempt = 1; topic.unplaced.length > 0; attempt += 1) {
      try {
        const partitions = await transport.partitionCount(name);
        for (const { message, partition } of topic.unplaced.splice(0)) {
          this.#place(topic, message, partition, partitions);
        }
      } catch (thrown) {
        const error = toKafkaClientError(thrown);
        const now = clock.monotonic();
        const all = topic.unplaced.splice(0);
        const late = ({ message }: (typeof all)[number]): boolean =>
          !error.retryable || !this.#open || now - message.acceptedAt >= deliveryTimeoutMs;
        topic.unplaced.push(...all.filter((entry) => !late(entry)));
        const given = all.filter(late).map(({ message }) => message);
        if (given.length > 0) onFailed(given, error);
        if (topic.unplaced.length > 0) await backoff(clock, attempt, Math.min(retryBackoffMs, deliveryTimeoutMs));
      }
    }
    topic.looking = false;
  }
}

function noPartition(topic: string, partitions: number, why: string, cause?: unknown): KafkaClientError {
  return new KafkaClientError(`${topic} has ${partitions} partitions; ${why}. Use one from 0 to ${partitions - 1}.`, {
    code: 'invalid_message',
    cause,
  });
}
