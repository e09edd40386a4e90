import { Cluster } from './cluster/cluster.js';
import type { Partition } from './cluster/partition.js';
import type { Counters } from './counters.js';
import { EmbeddedKafkaError } from './embedded-kafka-error.js';
import { Faults } from './faults/faults.js';
import { checkedOptions, type EmbeddedKafkaOptions, type Settings } from './options.js';
import { Persistence } from './persistence/persistence.js';
import { BrokerNode } from './server/broker-node.js';

/** A running broker. */
export interface EmbeddedKafka extends AsyncDisposable {
  /** Addresses of all nodes, such as `127.0.0.1:19092`. */
  readonly bootstrap: readonly string[];
  readonly counters: Readonly<Counters>;
  readonly faults: Faults;
  /** Closes a node's port and cuts its connections; its partitions and groups go to other nodes that hold replicas. */
  stopNode(nodeId: number): Promise<void>;
  /** Starts a stopped node on the port it had. */
  startNode(nodeId: number): Promise<void>;
  /** Lets a node leave all requests unanswered, its connections open, until `resumeNode`. */
  pauseNode(nodeId: number): void;
  resumeNode(nodeId: number): void;
  /** Makes another node lead a partition, in a new leader epoch. */
  moveLeader(topic: string, partition: number, nodeId: number): void;
  /** The node that leads a partition, -1 for none. */
  leaderOf(topic: string, partition: number): number;
  /** The node that coordinates a group or a transactional id. */
  coordinatorOf(key: string): number;
  /** Stops all nodes. Safe to call twice. */
  close(): Promise<void>;
}

function createTopics(cluster: Cluster, topics: Settings['topics']): void {
  for (const each of topics) {
    const topic = typeof each === 'string' ? { name: each } : each;
    if (cluster.topics.get(topic.name)) continue;
    const created = cluster.topics.create({
      name: topic.name,
      partitions: topic.partitions ?? -1,
      replicationFactor: -1,
      configs: new Map(Object.entries(topic.config ?? {})),
    });
    if (!('errorCode' in created)) continue;
    throw new EmbeddedKafkaError(`Option "topics" has "${topic.name}", which cannot be created: ${created.message}`, {
      code: 'invalid_option',
    });
  }
}

class RunningKafka implements EmbeddedKafka {
  readonly faults: Faults;
  readonly #cluster: Cluster;
  readonly #nodes: readonly BrokerNode[];
  #persistence: Persistence | undefined;

  constructor(settings: Settings) {
    const cluster = new Cluster(settings);
    this.#cluster = cluster;
    this.faults = new Faults(() => {
      cluster.counters.faultsApplied++;
    });
    const pending = { held: 0, max: settings.maxPendingBytes };
    this.#nodes = cluster.nodeIds.map((id, index) => {
      const port = settings.port === 0 ? 0 : settings.port + index;
      return new BrokerNode(id, port, cluster, this.faults, pending);
    });
  }

  async open(): Promise<void> {
    const { dataDir, topics } = this.#cluster.settings;
    if (dataDir !== undefined) this.#persistence = Persistence.open(this.#cluster, dataDir);
    createTopics(this.#cluster, topics);
    for (const node of this.#nodes) await node.start();
  }

  get bootstrap(): readonly string[] {
    const { advertise } = this.#cluster.settings;
    return this.#nodes.map(({ address }) => {
      const { host, port } = advertise?.(address) ?? address;
      return `${host}:${port}`;
    });
  }

  get counters(): Readonly<Counters> {
    return this.#cluster.counters;
  }

  async stopNode(nodeId: number): Promise<void> {
    await this.#node(nodeId).stop();
  }

  async startNode(nodeId: number): Promise<void> {
    await this.#node(nodeId).start();
  }

  pauseNode(nodeId: number): void {
    this.#node(nodeId).pause();
  }

  resumeNode(nodeId: number): void {
    this.#node(nodeId).resume();
  }

  moveLeader(topic: string, partition: number, nodeId: number): void {
    const node = this.#node(nodeId);
    if (!node.isRunning) {
      throw new EmbeddedKafkaError(`Node ${nodeId} is stopped and cannot lead ${topic}/${partition}; start it first.`, {
        code: 'node_stopped',
      });
    }
    this.#partition(topic, partition).lead(nodeId);
  }

  leaderOf(topic: string, partition: number): number {
    return this.#partition(topic, partition).leaderId;
  }

  coordinatorOf(key: string): number {
    return this.#cluster.coordinatorOf(key);
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.stop()));
    this.#persistence?.close();
    this.#persistence = undefined;
    this.#cluster.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #node(nodeId: number): BrokerNode {
    const node = this.#nodes.find(({ id }) => id === nodeId);
    if (node) return node;
    throw new EmbeddedKafkaError(`There is no node ${nodeId}; nodes are numbered from 1 to ${this.#nodes.length}.`, {
      code: 'unknown_node',
    });
  }

  #partition(topic: string, partition: number): Partition {
    const found = this.#cluster.topics.partition(topic, partition);
    if (found) return found;
    throw new EmbeddedKafkaError(`There is no partition ${topic}/${partition}; create the topic first.`, {
      code: 'unknown_partition',
    });
  }
}

/**
 * Starts a broker in this process. Throws an `EmbeddedKafkaError`: `invalid_option`, `listen_failed`, `directory_in_use`,
 * `unreadable_directory`.
 */
export async function createEmbeddedKafka(options: EmbeddedKafkaOptions = {}): Promise<EmbeddedKafka> {
  const kafka = new RunningKafka(checkedOptions(options));
  try {
    await kafka.open();
  } catch (error) {
    await kafka.close();
    throw error;
  }
  return kafka;
}
