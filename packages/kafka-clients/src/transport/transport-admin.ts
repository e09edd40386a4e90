/** A topic to be there. */
export interface TopicSpecification {
  readonly topic: string;
  /** Default: the broker's `num.partitions`. */
  readonly partitions?: number;
  /** Default: the broker's `default.replication.factor`. */
  readonly replication?: number;
  /** Topic configuration such as `{ 'retention.ms': '3600000' }`. */
  readonly config?: Readonly<Record<string, string>>;
}

export interface BrokerAddress {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export interface PartitionOffsets {
  readonly partition: number;
  /** First offset that can be read. */
  readonly low: string;
  /** Offset that the next record will get. */
  readonly high: string;
}

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  /** Next offset the group will read; null when it has committed none. */
  readonly offset: string | null;
}

/** Questions about a cluster and the few changes the packages need. */
export interface TransportAdmin {
  connect(): Promise<void>;
  brokers(): Promise<readonly BrokerAddress[]>;
  topics(): Promise<readonly string[]>;
  /** Creates what is missing; answers the names it created. Their leaders may need a moment until they serve them. */
  createTopics(topics: readonly TopicSpecification[]): Promise<readonly string[]>;
  /** Deletes topics with all they hold; answers the names of those that were there. */
  deleteTopics(topics: readonly string[]): Promise<readonly string[]>;
  topicOffsets(topic: string): Promise<readonly PartitionOffsets[]>;
  groupOffsets(groupId: string, topics: readonly string[]): Promise<readonly CommittedOffset[]>;
  close(): Promise<void>;
}
