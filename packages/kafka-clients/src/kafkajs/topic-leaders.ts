import type { KafkajsCluster, KafkajsMetadata } from './internals.js';

/** Who leads which partition, looked up once per metadata answer instead of once per batch. */
export class TopicLeaders {
  readonly #cluster: KafkajsCluster;
  #metadata: KafkajsMetadata | null = null;
  #leaders = new Map<string, readonly number[]>();
  #stale = false;

  constructor(cluster: KafkajsCluster) {
    this.#cluster = cluster;
  }

  /** The leader of each partition, by number; undefined when the topic is not known. */
  known(topic: string): readonly number[] | undefined {
    const { metadata } = this.#cluster.brokerPool;
    if (metadata !== this.#metadata) {
      this.#metadata = metadata;
      this.#leaders = new Map();
      for (const { topic: name, partitionMetadata } of metadata?.topicMetadata ?? []) {
        const leaders: number[] = [];
        for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
        if (leaders.length > 0) this.#leaders.set(name, leaders);
      }
    }
    return this.#leaders.get(topic);
  }

  /** What is known has proved wrong: the next `get` asks again. */
  invalidate(): void {
    this.#stale = true;
  }

  async get(topic: string): Promise<readonly number[]> {
    const cluster = this.#cluster;
    const known = this.known(topic);
    if (known && !this.#stale) return known;
    if (!cluster.isConnected()) await cluster.connect();
    if (cluster.targetTopics.has(topic)) await this.#refresh(topic);
    else await cluster.addMultipleTargetTopics([topic]);
    this.#stale = false;
    return this.known(topic) ?? [];
  }

  /** One deleted topic fails the metadata request of all (kafkajs #1078): then this topic is asked for alone. */
  async #refresh(topic: string): Promise<void> {
    const cluster = this.#cluster;
    try {
      await cluster.refreshMetadata();
    } catch (error) {
      if (cluster.targetTopics.size === 1) throw error;
      cluster.targetTopics.clear();
      await cluster.addMultipleTargetTopics([topic]);
    }
  }
}
