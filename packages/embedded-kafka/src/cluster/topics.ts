import { randomUUID } from 'node:crypto';
import { ErrorCode } from '../wire/error-codes.js';
import { Partition, type PartitionObserver } from './partition.js';
import { Topic } from './topic.js';
import { topicConfigProblem } from './topic-configs.js';

export interface NewTopic {
  readonly name: string;
  /** -1 for the broker's default. */
  readonly partitions: number;
  /** -1 for the broker's default. */
  readonly replicationFactor: number;
  readonly configs: ReadonlyMap<string, string | null>;
  /** Replicas by partition, when the caller chose them. */
  readonly assignments?: ReadonlyMap<number, readonly number[]>;
  /** For a topic that is read back from a directory. */
  readonly id?: string;
}

export interface Refusal {
  readonly errorCode: number;
  readonly message: string;
}

export interface TopicsOptions {
  readonly nodeIds: readonly number[];
  readonly defaultPartitions: number;
  readonly maxPartitions: number;
  readonly observer: PartitionObserver;
  /** A topic or its settings changed, came or went. */
  readonly onChange: () => void;
}

const refusal = (errorCode: number, message: string): Refusal => ({ errorCode, message });

/** What is wrong with a topic's name by Kafka's rules, or undefined. */
function nameProblem(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return `Topic name is invalid: '${name}' is not allowed`;
  if (name.length > 249)
    return 'Topic name is invalid: the length of the name is longer than the max allowed length 249';
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return "Topic name is invalid: it contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
  }
  return undefined;
}

/** All topics of the cluster. */
export class Topics {
  readonly #options: TopicsOptions;
  readonly #byName = new Map<string, Topic>();
  readonly #byId = new Map<string, Topic>();
  #partitionCount = 0;
  /** Moves on with each topic, so that leaders spread over the nodes. */
  #firstNode = 0;

  constructor(options: TopicsOptions) {
    this.#options = options;
  }

  get(name: string): Topic | undefined {
    return this.#byName.get(name);
  }

  byId(id: string): Topic | undefined {
    return this.#byId.get(id);
  }

  partition(name: string, index: number): Partition | undefined {
    return this.#byName.get(name)?.partitions[index];
  }

  all(): IterableIterator<Topic> {
    return this.#byName.values();
  }

  /** What is wrong with a topic that is to be created, or undefined. */
  check(topic: NewTopic): Refusal | undefined {
    const problem = nameProblem(topic.name);
    if (problem) return refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, problem);
    if (this.#byName.has(topic.name))
      return refusal(ErrorCode.TOPIC_ALREADY_EXISTS, `Topic '${topic.name}' already exists.`);
    for (const [name, value] of topic.configs) {
      const wrong = topicConfigProblem(name, value);
      if (wrong) return refusal(ErrorCode.INVALID_CONFIG, wrong);
    }
    return topic.assignments ? this.#checkAssignments(topic) : this.#checkCounts(topic);
  }

  #checkAssignments(topic: NewTopic): Refusal | undefined {
    if (topic.partitions !== -1 || topic.replicationFactor !== -1) {
      return refusal(
        ErrorCode.INVALID_REQUEST,
        'A manual partition assignment was specified, but numPartitions or replicationFactor was not set to -1.',
      );
    }
    for (let index = 0; index < topic.assignments!.size; index++) {
      const replicas = topic.assignments!.get(index);
      if (!replicas?.length || !replicas.every((id) => this.#options.nodeIds.includes(id))) {
        return refusal(
          ErrorCode.INVALID_REPLICA_ASSIGNMENT,
          `partitions must be numbered from 0 and name brokers of ${this.#options.nodeIds.join(', ')}`,
        );
      }
    }
    return this.#checkRoom(topic.assignments!.size);
  }

  #checkCounts(topic: NewTopic): Refusal | undefined {
    if (topic.partitions === 0 || topic.partitions < -1) {
      return refusal(ErrorCode.INVALID_PARTITIONS, 'Number of partitions was set to an invalid non-positive value.');
    }
    if (topic.replicationFactor === 0 || topic.replicationFactor < -1) {
      return refusal(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        'Replication factor must be larger than 0, or -1 to use the default value.',
      );
    }
    const nodes = this.#options.nodeIds.length;
    if (topic.replicationFactor > nodes) {
      return refusal(
        ErrorCode.INVALID_REPLICATION_FACTOR,
        `Unable to replicate the partition ${topic.replicationFactor} time(s): The target replication factor of ${topic.replicationFactor} cannot be reached because only ${nodes} broker(s) are registered.`,
      );
    }
    return this.#checkRoom(topic.partitions === -1 ? this.#options.defaultPartitions : topic.partitions);
  }

  #checkRoom(partitions: number): Refusal | undefined {
    if (this.#partitionCount + partitions <= this.#options.maxPartitions) return undefined;
    return refusal(
      ErrorCode.POLICY_VIOLATION,
      `${partitions} more partitions would exceed the broker's limit of ${this.#options.maxPartitions} in all.`,
    );
  }

  create(topic: NewTopic): Topic | Refusal {
    const problem = this.check(topic);
    if (problem) return problem;
    const count =
      topic.assignments?.size ?? (topic.partitions === -1 ? this.#options.defaultPartitions : topic.partitions);
    const factor = topic.replicationFactor === -1 ? Math.min(3, this.#options.nodeIds.length) : topic.replicationFactor;
    const partitions = Array.from({ length: count }, (_, index) => {
      return this.#partition(topic.name, index, topic.assignments?.get(index) ?? this.#replicas(index, factor));
    });
    this.#firstNode++;
    this.#partitionCount += count;
    const created = new Topic(
      topic.name,
      topic.id ?? randomUUID(),
      partitions,
      topic.configs as ReadonlyMap<string, string>,
    );
    this.#byName.set(created.name, created);
    this.#byId.set(created.id, created);
    this.#options.onChange();
    return created;
  }

  /** What is wrong with giving a topic `count` partitions, or undefined. */
  checkGrowth(topic: Topic, count: number): Refusal | undefined {
    const added = count - topic.partitions.length;
    if (added > 0) return this.#checkRoom(added);
    return refusal(
      ErrorCode.INVALID_PARTITIONS,
      `The topic ${topic.name} currently has ${topic.partitions.length} partition(s); ${count} would not be an increase.`,
    );
  }

  /** Adds partitions until the topic has `count`. */
  grow(topic: Topic, count: number): Refusal | undefined {
    const problem = this.checkGrowth(topic, count);
    if (problem) return problem;
    this.#partitionCount += count - topic.partitions.length;
    const factor = topic.partitions[0]!.replicas.length;
    while (topic.partitions.length < count) {
      const index = topic.partitions.length;
      topic.partitions.push(this.#partition(topic.name, index, this.#replicas(index, factor)));
    }
    this.#options.onChange();
    return undefined;
  }

  delete(topic: Topic): void {
    this.#byName.delete(topic.name);
    this.#byId.delete(topic.id);
    this.#partitionCount -= topic.partitions.length;
    for (const partition of topic.partitions) {
      partition.lead(-1);
      for (const segment of partition.log.segments) this.#options.observer.dropped(partition, segment);
    }
    this.#options.onChange();
  }

  /** Call after a topic's settings were changed. */
  configured(): void {
    this.#options.onChange();
  }

  #partition(topicName: string, index: number, replicas: readonly number[]): Partition {
    return new Partition(topicName, index, replicas, this.#options.observer);
  }

  #replicas(index: number, factor: number): readonly number[] {
    const ids = this.#options.nodeIds;
    return Array.from({ length: factor }, (_, replica) => ids[(this.#firstNode + index + replica) % ids.length]!);
  }
}
