import { KafkaClientError } from '../../kafka-client-error.js';
import type { KafkaTransport } from '../../transport/kafka-transport.js';
import type { TransportAdmin } from '../../transport/transport-admin.js';
import type { FetchedRecord, TopicPartition } from '../../transport/transport-consumer.js';
import type { ProduceBatch, TransportProducer } from '../../transport/transport-producer.js';
import { MemoryConsumer } from './memory-consumer.js';
import { MemoryGroup } from './memory-group.js';
import { MemoryPartition } from './memory-log.js';

export interface MemoryTransportOptions {
  /** Partitions of a topic that is not created before it is used; 0 makes such topics unknown. Default 3. */
  readonly partitions?: number | undefined;
  /** Called before a batch is written; may wait, and may throw what a broker could answer. */
  readonly beforeWrite?: ((batch: ProduceBatch) => Promise<void> | void) | undefined;
  /** Called after a batch is written and before the writer learns of it: throwing here leaves the writer in doubt. */
  readonly afterWrite?: ((batch: ProduceBatch) => Promise<void> | void) | undefined;
}

/** A cluster inside the process: for tests of what stands above a transport. */
export interface MemoryTransport extends KafkaTransport {
  /** The records of a topic, partition by partition. */
  records(topic: string): readonly (readonly FetchedRecord[])[];
  /** What a group has committed of a partition. */
  committed(groupId: string, at: TopicPartition): string | undefined;
  /** Makes every partition forget the producers it knew: the next batch of an old one is refused. */
  forgetProducers(): void;
  /** Takes the partitions of all members away without warning, then assigns them again. */
  expelMembers(groupId: string): Promise<void>;
  /** How many batches have been asked to be written. */
  readonly produceCalls: number;
}

export function createMemoryTransport(options: MemoryTransportOptions = {}): MemoryTransport {
  const defaultPartitions = options.partitions ?? 3;
  const topics = new Map<string, MemoryPartition[]>();
  const groups = new Map<string, { readonly group: MemoryGroup; readonly members: Set<MemoryConsumer> }>();
  let nextProducerId = 1;
  let produceCalls = 0;

  const createTopic = (topic: string, partitions: number): MemoryPartition[] => {
    const created = Array.from({ length: partitions }, (_, partition) => new MemoryPartition({ topic, partition }));
    topics.set(topic, created);
    return created;
  };
  const partitionsOf = (topic: string): MemoryPartition[] => {
    const known = topics.get(topic);
    if (known) return known;
    if (defaultPartitions > 0) return createTopic(topic, defaultPartitions);
    throw new KafkaClientError(`There is no topic ${topic}. Create it.`, { code: 'unknown_topic', retryable: true });
  };
  const partitionOf = ({ topic, partition }: TopicPartition): MemoryPartition => {
    const found = partitionsOf(topic)[partition];
    if (!found)
      throw new KafkaClientError(`${topic} has no partition ${partition}.`, { code: 'unknown_topic', retryable: true });
    return found;
  };
  const groupOf = (groupId: string): { readonly group: MemoryGroup; readonly members: Set<MemoryConsumer> } => {
    let found = groups.get(groupId);
    if (!found) {
      found = { group: new MemoryGroup((topic) => partitionsOf(topic).length), members: new Set() };
      groups.set(groupId, found);
    }
    return found;
  };
  const pollAll = (): void => {
    for (const { members } of groups.values()) for (const member of members) member.poll();
  };

  const createProducer = (): TransportProducer => {
    let open = false;
    return {
      async connect() {
        open = true;
      },
      knownPartitionCount: (topic) => topics.get(topic)?.length,
      async partitionCount(topic) {
        return partitionsOf(topic).length;
      },
      async initIdentity() {
        nextProducerId += 1;
        return { producerId: String(nextProducerId), producerEpoch: 0 };
      },
      async produce(batch) {
        produceCalls += 1;
        if (!open) throw new KafkaClientError('Not connected.', { code: 'connection_failed', retryable: true });
        await options.beforeWrite?.(batch);
        const baseOffset = partitionOf(batch).append(batch);
        pollAll();
        await options.afterWrite?.(batch);
        return { baseOffset: String(baseOffset) };
      },
      async close() {
        open = false;
      },
    };
  };

  const createAdmin = (): TransportAdmin => ({
    async connect() {},
    async brokers() {
      return [{ nodeId: 1, host: 'memory', port: 0 }];
    },
    async topics() {
      return [...topics.keys()];
    },
    async createTopics(wanted) {
      const missing = wanted.filter(({ topic }) => !topics.has(topic));
      for (const { topic, partitions } of missing) createTopic(topic, partitions ?? Math.max(1, defaultPartitions));
      return missing.map(({ topic }) => topic);
    },
    async deleteTopics(asked) {
      return asked.filter((topic) => topics.delete(topic));
    },
    async topicOffsets(topic) {
      return partitionsOf(topic).map(({ records }, partition) => ({
        partition,
        low: '0',
        high: String(records.length),
      }));
    },
    async groupOffsets(groupId, asked) {
      const { committed } = groupOf(groupId).group;
      return asked.flatMap((topic) =>
        partitionsOf(topic).map((_, partition) => ({
          topic,
          partition,
          offset: committed.get(`${topic}/${partition}`) ?? null,
        })),
      );
    },
    async close() {},
  });

  return {
    createProducer,
    createAdmin,
    createConsumer(consumerOptions) {
      const { group, members } = groupOf(consumerOptions.groupId);
      const consumer = new MemoryConsumer(consumerOptions, group, partitionOf, (closed) => members.delete(closed));
      members.add(consumer);
      return consumer;
    },
    records: (topic) => partitionsOf(topic).map(({ records }) => records),
    committed: (groupId, { topic, partition }) => groupOf(groupId).group.committed.get(`${topic}/${partition}`),
    forgetProducers() {
      for (const partitions of topics.values()) for (const partition of partitions) partition.forgetProducers();
    },
    async expelMembers(groupId) {
      const { group, members } = groupOf(groupId);
      for (const member of members) await group.expel(member);
    },
    get produceCalls() {
      return produceCalls;
    },
  };
}
