import { randomBytes } from 'node:crypto';
import { advertisedFrom, apis } from '../apis/index.js';
import type { Clock } from '../clock.js';
import { type Counters, createCounters } from '../counters.js';
import type { Group } from '../groups/group.js';
import { Groups } from '../groups/groups.js';
import type { Segment } from '../log/segment.js';
import type { NodeAddress, Settings } from '../options.js';
import { Transactions } from '../transactions/transactions.js';
import { ErrorCode } from '../wire/error-codes.js';
import { MemoryBudget } from './memory-budget.js';
import type { Partition, PartitionObserver } from './partition.js';
import type { Topic } from './topic.js';
import { Topics } from './topics.js';

/** Longest metadata of a commit, in characters, as in Kafka. */
const MAX_METADATA_LENGTH = 4096;

interface OffsetToCommit {
  readonly partitionIndex: number;
  readonly committedOffset: number;
  readonly committedLeaderEpoch: number;
  readonly committedMetadata: string | null;
}

/** Keeps up with a cluster's changes. */
export interface ClusterFollower {
  readonly observer: Pick<PartitionObserver, 'storing' | 'dropped'>;
  /** A topic or its settings came, changed or went. */
  topicsChanged(): void;
  /** Anything else changed. */
  changed(): void;
}

/** What the nodes share: topics with their logs, groups, transactions, and who is up and leads what. */
export class Cluster {
  clusterId: string = randomBytes(16).toString('base64url');
  readonly settings: Settings;
  readonly clock: Clock;
  readonly counters: Counters = createCounters();
  readonly topics: Topics;
  readonly groups: Groups;
  readonly transactions: Transactions;
  readonly nodeIds: readonly number[];
  readonly advertisedApis: readonly {
    readonly apiKey: number;
    readonly minVersion: number;
    readonly maxVersion: number;
  }[];
  #follower: ClusterFollower | undefined;
  readonly #addresses = new Map<number, NodeAddress>();
  #nextProducerId = 1000;

  constructor(settings: Settings) {
    this.settings = settings;
    this.clock = settings.clock;
    this.nodeIds = Array.from({ length: settings.nodes }, (_, index) => index + 1);
    this.advertisedApis = [...apis.values()].map(({ key, minVersion, maxVersion }) => ({
      apiKey: key,
      minVersion: advertisedFrom.get(key) ?? minVersion,
      maxVersion,
    }));
    this.topics = new Topics({
      nodeIds: this.nodeIds,
      defaultPartitions: settings.defaultPartitions,
      maxPartitions: settings.maxPartitions,
      observer: this.#observeLogs(),
      onChange: () => this.#follower?.topicsChanged(),
    });
    this.groups = new Groups(
      {
        clock: settings.clock,
        maxMembers: settings.maxGroupMembers,
        initialRebalanceDelayMs: settings.groupInitialRebalanceDelayMs,
      },
      settings.maxGroups,
    );
    this.transactions = new Transactions({
      clock: settings.clock,
      maxTransactionalIds: settings.maxGroups,
      maxTimeoutMs: settings.maxTransactionTimeoutMs,
      nextProducerId: () => this.nextProducerId(),
      commitOffset: (groupId, offset) => {
        this.groups.open(groupId)?.offsets.set(offset.topic, offset.partition, offset);
        this.metadataChanged();
      },
    });
  }

  get autoCreateTopics(): boolean {
    return this.settings.autoCreateTopics;
  }

  get verifyChecksums(): boolean {
    return this.settings.verifyChecksums;
  }

  get maxFetchBytes(): number {
    return this.settings.maxFetchBytes;
  }

  get minSessionTimeoutMs(): number {
    return this.settings.minSessionTimeoutMs;
  }

  get maxSessionTimeoutMs(): number {
    return this.settings.maxSessionTimeoutMs;
  }

  #observeLogs(): PartitionObserver {
    const memory = new MemoryBudget(this.settings.maxMemoryBytes, this.counters, () => this.#partitions());
    return {
      storing: (partition, batch, segment) => this.#store(partition, batch, segment),
      retentionBytes: ({ topicName }) => {
        const own = this.topics.get(topicName)?.retentionBytes ?? -1;
        return own >= 0 ? own : this.settings.retentionBytes;
      },
      allocated: (_, segment) => {
        memory.add(segment.capacity);
        memory.enforce();
      },
      dropped: (partition, segment) => {
        memory.add(-segment.capacity);
        this.#follower?.observer.dropped(partition, segment);
      },
    };
  }

  *#partitions(): IterableIterator<Partition> {
    for (const topic of this.topics.all()) yield* topic.partitions;
  }

  /** Where the nodes that are up can be reached. */
  addresses(): readonly NodeAddress[] {
    return [...this.#addresses.values()].sort((a, b) => a.nodeId - b.nodeId);
  }

  isUp(nodeId: number): boolean {
    return this.#addresses.has(nodeId);
  }

  /** The lowest node that is up. */
  get controllerId(): number {
    return this.addresses()[0]?.nodeId ?? -1;
  }

  nodeStarted(address: NodeAddress): void {
    this.#addresses.set(address.nodeId, address);
    this.#electLeaders();
  }

  nodeStopped(nodeId: number): void {
    this.#addresses.delete(nodeId);
    this.#electLeaders();
  }

  /** Gives every partition whose leader is down to a replica that is up, and those without a leader back. */
  #electLeaders(): void {
    for (const partition of this.#partitions()) {
      if (partition.leaderId >= 0 && this.isUp(partition.leaderId)) continue;
      partition.lead(partition.replicas.find((id) => this.isUp(id)) ?? -1);
    }
  }

  /** The node that answers for a group or a transactional id: spread by name over the nodes that are up. */
  coordinatorOf(key: string): number {
    let hash = 0;
    for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
    const first = (hash >>> 0) % this.nodeIds.length;
    for (let step = 0; step < this.nodeIds.length; step++) {
      const id = this.nodeIds[(first + step) % this.nodeIds.length]!;
      if (this.isUp(id)) return id;
    }
    return -1;
  }

  nextProducerId(): number {
    const id = this.#nextProducerId++;
    this.metadataChanged();
    return id;
  }

  /** Ids below this one were given out before. */
  reserveProducerIds(below: number): void {
    this.#nextProducerId = Math.max(this.#nextProducerId, below);
  }

  get producerIdsEnd(): number {
    return this.#nextProducerId;
  }

  commitOffset(group: Group, topic: string, commit: OffsetToCommit): number {
    const error = this.checkOffset(topic, commit);
    if (error !== ErrorCode.NONE) return error;
    group.offsets.set(topic, commit.partitionIndex, {
      offset: commit.committedOffset,
      leaderEpoch: commit.committedLeaderEpoch,
      metadata: commit.committedMetadata,
    });
    this.metadataChanged();
    return ErrorCode.NONE;
  }

  checkOffset(topic: string, commit: OffsetToCommit): number {
    if (!this.topics.partition(topic, commit.partitionIndex)) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    const tooLong = (commit.committedMetadata?.length ?? 0) > MAX_METADATA_LENGTH;
    return tooLong ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
  }

  deleteTopic(topic: Topic): void {
    this.topics.delete(topic);
    for (const partition of topic.partitions) this.transactions.dropPartition(partition);
    for (const group of this.groups.all()) group.offsets.deleteTopic(topic.name);
  }

  /** Offsets, groups or producer ids changed. */
  metadataChanged(): void {
    this.#follower?.changed();
  }

  /** Lets somebody keep up with every change, for persistence. */
  follow(follower: ClusterFollower): void {
    this.#follower = follower;
  }

  #store(partition: Partition, batch: Buffer, segment: Segment): void {
    try {
      this.#follower?.observer.storing(partition, batch, segment);
    } catch (error) {
      const { topicName: topic, index } = partition;
      this.settings.logger.error('a batch could not be written and is refused', { topic, partition: index, error });
      throw error;
    }
  }

  /** Settings of the broker, as DescribeConfigs shows them: name, value and type number. */
  brokerConfigs(): readonly (readonly [string, string, number])[] {
    const { settings } = this;
    return [
      ['auto.create.topics.enable', String(settings.autoCreateTopics), 1],
      ['default.replication.factor', String(Math.min(3, settings.nodes)), 3],
      ['group.initial.rebalance.delay.ms', String(settings.groupInitialRebalanceDelayMs), 3],
      ['group.max.session.timeout.ms', String(settings.maxSessionTimeoutMs), 3],
      ['group.min.session.timeout.ms', String(settings.minSessionTimeoutMs), 3],
      ['log.retention.bytes', String(settings.retentionBytes), 5],
      ['num.partitions', String(settings.defaultPartitions), 3],
      ['socket.request.max.bytes', String(settings.maxFrameBytes), 3],
    ];
  }

  close(): void {
    this.groups.close();
    this.transactions.close();
  }
}
