import type { KafkaClientError } from '../kafka-client-error.js';

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** One record as it came. Keys and values are the record's own bytes. */
export interface FetchedRecord extends TopicPartition {
  /** Decimal, as offsets may pass 2^53. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | readonly Buffer[]>>;
  /** Unix milliseconds. */
  readonly timestamp: number;
  /**
   * Set when this stands for a whole batch that nobody could read: why. The offset is that of its last record, the value
   * is what the batch holds as it came, without key and headers.
   */
  readonly unreadable?: KafkaClientError;
}

export interface FetchedBatch extends TopicPartition {
  /** None where all that was read are ends of transactions and the like. */
  readonly records: readonly FetchedRecord[];
  /** The offset up to which the partition can be read now. */
  readonly highWatermark: string;
  /** Where reading goes on, when that is not right behind the last record: not every offset is a record. */
  readonly nextOffset?: string | undefined;
}

export interface OffsetToCommit extends TopicPartition {
  /** The next offset to be read. */
  readonly offset: string;
}

export interface TransportConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly fromBeginning: boolean;
  /** Where single partitions begin in place of that, while the group has no offset for them. */
  readonly firstOffsets?: readonly OffsetToCommit[] | undefined;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** How long the broker may hold a fetch that finds nothing. */
  readonly maxWaitMs: number;
  /** Most bytes of one fetch of one partition. */
  readonly maxBytesPerPartition: number;
  /** Most bytes to which one compressed batch, and about so many to which all of one fetch, may unpack. */
  readonly maxUnpackedBytes: number;
}

/** What a member of a group tells the consumer above it. */
export interface TransportConsumerEvents {
  /** The member has these partitions now. Records come only after this. */
  assigned(partitions: readonly TopicPartition[]): void;
  /** Takes over the records; it must not keep the caller waiting. */
  records(batch: FetchedBatch): void;
  /** The group rebalances: finish what is in hand and commit it. The member rejoins when this resolves. */
  revoking(): Promise<void>;
  /** The membership is gone without warning; commits would be refused. The member rejoins by itself. */
  lost(): void;
  /** The member has stopped and will not come back by itself. */
  failed(error: KafkaClientError): void;
}

/** One membership in a consumer group. Heartbeats are its own business and do not depend on the handlers. */
export interface TransportConsumer {
  /** Joins the group and starts fetching; resolves when the first assignment is known. */
  start(events: TransportConsumerEvents): Promise<void>;
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  commit(offsets: readonly OffsetToCommit[]): Promise<void>;
  /** Leaves the group. */
  close(): Promise<void>;
}
