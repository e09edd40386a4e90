import type { Clock, Logger, Metrics } from '@naru/core';
import type { KafkaClientError } from '../kafka-client-error.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';
import type { OffsetToCommit, TopicPartition } from '../transport/transport-consumer.js';
import type { DeadLetter } from './dead-letter.js';
import type { MessageHandler, RetryOptions } from './handling.js';
import type { KillSwitchOptions } from './kill-switch.js';
import type { ReceivedMessage } from './received-message.js';

export interface KafkaConsumerOptions extends RetryOptions {
  readonly transport: KafkaTransport;
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Where a group without committed offsets begins. Default false: at the end. */
  readonly fromBeginning?: boolean | undefined;
  /** Where single partitions begin in place of that: to read a stretch of a topic, with a group of its own. */
  readonly firstOffsets?: readonly OffsetToCommit[] | undefined;
  /** Handles one message. Leave it out to iterate over `messages()` instead. */
  readonly handler?: MessageHandler | undefined;
  /** Where messages go that keep failing. Without it they are tried for ever, and their partition waits. */
  readonly deadLetter?: DeadLetter | undefined;
  /** How many messages of one partition are handled at once. Above 1 their order is lost. Default 1. */
  readonly concurrency?: number | undefined;
  /** Messages of one partition waiting for the handler at which fetching pauses. Default 1,000. */
  readonly maxQueuedPerPartition?: number | undefined;
  /** Longest time between a message being done and its offset being committed, milliseconds; 0: at once. Default 1,000. */
  readonly commitIntervalMs?: number | undefined;
  /** Longest time one message may take in its handler, retries included, milliseconds. Default 300,000. */
  readonly maxProcessingMs?: number | undefined;
  /**
   * How long messages in the handlers are waited for when partitions are taken away, and on close, milliseconds. Default
   * 30,000, or half of `rebalanceTimeoutMs` if that is less.
   */
  readonly drainTimeoutMs?: number | undefined;
  /** How long records may fail to come although the broker has some, before the membership is renewed, milliseconds. Default 60,000. */
  readonly stallTimeoutMs?: number | undefined;
  /** Stops consuming when too many messages fail. Off by default. */
  readonly killSwitch?: KillSwitchOptions | undefined;
  /** How long the group waits for a heartbeat before it gives the member up, milliseconds. Default 30,000. */
  readonly sessionTimeoutMs?: number | undefined;
  /** Below `sessionTimeoutMs`, milliseconds. Default 10,000. */
  readonly heartbeatIntervalMs?: number | undefined;
  /** How long the group waits for this member when its partitions change hands, milliseconds. Default 60,000. */
  readonly rebalanceTimeoutMs?: number | undefined;
  /** How long a broker may hold a fetch that finds nothing, milliseconds. Default 500. */
  readonly maxWaitMs?: number | undefined;
  /** Most bytes of one fetch of one partition; a larger batch comes all the same. Default 1 MiB. */
  readonly maxBytesPerPartition?: number | undefined;
  /**
   * Most bytes to which a compressed batch may unpack; one that comes to more fails as a whole with `batch_unreadable`.
   * The batches of one fetch unpack to at most twice that. Default 64 MiB.
   */
  readonly maxUnpackedBytes?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  readonly metrics?: Metrics | undefined;
  /** States, failures, dead letters. Must return quickly; what it throws is logged. */
  readonly onEvent?: ((event: ConsumerEvent) => void) | undefined;
}

/** What the consumer is doing. Only `halted` and `closed` last; from everything else it goes on by itself. */
export type ConsumerState =
  | { readonly status: 'new' | 'joining' | 'revoking' | 'closing' | 'closed' }
  | { readonly status: 'consuming'; readonly partitions: readonly TopicPartition[] }
  | { readonly status: 'restarting'; readonly attempt: number; readonly error: KafkaClientError }
  | { readonly status: 'halted'; readonly error: KafkaClientError };

export type ConsumerEvent =
  | { readonly type: 'state_changed'; readonly state: ConsumerState }
  | {
      readonly type: 'message_failed';
      readonly message: ReceivedMessage;
      readonly error: unknown;
      readonly attempt: number;
    }
  | { readonly type: 'message_dead_lettered'; readonly message: ReceivedMessage }
  | {
      readonly type: 'dead_letter_failed';
      readonly message: ReceivedMessage;
      readonly error: unknown;
      readonly attempt: number;
    }
  | { readonly type: 'commit_failed'; readonly error: unknown };

/** Handles messages of a group, commits only what is done, and comes back from whatever happens to it. */
export interface KafkaConsumer {
  readonly state: ConsumerState;
  /** Joins the group. Rejects if that fails the first time; afterwards the consumer restarts by itself. */
  start(): Promise<void>;
  /**
   * Messages one by one, without a handler; asking for the next one says that the last one is done.
   *
   * @throws {KafkaClientError} `not_started`, `invalid_option` when there is a handler.
   */
  messages(): AsyncIterableIterator<ReceivedMessage>;
  /** Commits what is done now instead of at the next interval. */
  commit(): Promise<void>;
  /** Lets the handlers finish, commits, leaves the group. Safe to call twice. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
