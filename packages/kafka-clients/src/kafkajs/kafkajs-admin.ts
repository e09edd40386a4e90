import { silentLogger } from '@naru/core';
import { type Admin, Kafka, logLevel } from 'kafkajs';
import { KafkaClientError } from '../kafka-client-error.js';
import type {
  BrokerAddress,
  CommittedOffset,
  PartitionOffsets,
  TopicSpecification,
  TransportAdmin,
} from '../transport/transport-admin.js';
import type { KafkaTransportOptions } from './connection-options.js';
import { repairIdleTimer } from './idle-timer.js';
import { logCreator } from './log-creator.js';
import { saslForKafkajs } from './sasl.js';
import { Sockets } from './sockets.js';
import { translateError } from './translate-error.js';

/** Administration through kafkajs's own admin client, which needs no repair for what is asked here. */
export class KafkajsAdmin implements TransportAdmin {
  readonly #admin: Admin;
  readonly #sockets: Sockets;
  /** Questions that are not answered yet, connecting among them. */
  #asked = 0;

  constructor(options: KafkaTransportOptions) {
    this.#sockets = new Sockets(options.connect);
    repairIdleTimer();
    const kafka = new Kafka({
      brokers: [...options.brokers],
      clientId: options.clientId ?? 'naru',
      ...(options.ssl && { ssl: options.ssl }),
      ...(options.sasl && { sasl: saslForKafkajs(options.sasl) as never }),
      connectionTimeout: options.connectionTimeoutMs ?? 5_000,
      requestTimeout: 30_000,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 3 },
      logLevel: options.logger ? logLevel.INFO : logLevel.NOTHING,
      logCreator: logCreator(options.logger ?? silentLogger) as never,
      socketFactory: this.#sockets.connect as never,
    });
    this.#admin = kafka.admin();
  }

  connect(): Promise<void> {
    return this.#ask('Connecting to Kafka failed', () => this.#admin.connect());
  }

  brokers(): Promise<readonly BrokerAddress[]> {
    return this.#ask('Asking for the brokers failed', async () => (await this.#admin.describeCluster()).brokers);
  }

  topics(): Promise<readonly string[]> {
    return this.#ask('Asking for the topics failed', () => this.#admin.listTopics());
  }

  createTopics(topics: readonly TopicSpecification[]): Promise<readonly string[]> {
    return this.#ask('Creating topics failed', async () => {
      const existing = new Set(await this.#admin.listTopics());
      const missing = topics.filter(({ topic }) => !existing.has(topic));
      if (missing.length === 0) return [];
      await this.#admin.createTopics({
        // Whoever wants them served waits: kafkajs gives up on a topic of which not every broker knows yet.
        waitForLeaders: false,
        timeout: 15_000,
        topics: missing.map(({ topic, partitions, replication, config }) => ({
          topic,
          numPartitions: partitions ?? -1,
          replicationFactor: replication ?? -1,
          configEntries: Object.entries(config ?? {}).map(([name, value]) => ({ name, value })),
        })),
      });
      return missing.map(({ topic }) => topic);
    });
  }

  deleteTopics(topics: readonly string[]): Promise<readonly string[]> {
    return this.#ask('Deleting topics failed', async () => {
      const existing = new Set(await this.#admin.listTopics());
      const there = topics.filter((topic) => existing.has(topic));
      if (there.length > 0) await this.#admin.deleteTopics({ topics: there, timeout: 15_000 });
      return there;
    });
  }

  topicOffsets(topic: string): Promise<readonly PartitionOffsets[]> {
    return this.#ask(`Asking for the offsets of ${topic} failed`, async () =>
      (await this.#admin.fetchTopicOffsets(topic)).map(({ partition, low, high }) => ({ partition, low, high })),
    );
  }

  groupOffsets(groupId: string, topics: readonly string[]): Promise<readonly CommittedOffset[]> {
    return this.#ask(`Asking for the offsets of the group ${groupId} failed`, async () => {
      const answers = await this.#admin.fetchOffsets({ groupId, topics: [...topics] });
      return answers.flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => ({ topic, partition, offset: offset === '-1' ? null : offset })),
      );
    });
  }

  async close(): Promise<void> {
    // kafkajs would wait for answers that may never come.
    if (this.#asked > 0) this.#sockets.close();
    await this.#admin.disconnect();
  }

  async #ask<T>(doing: string, work: () => Promise<T>): Promise<T> {
    this.#asked += 1;
    try {
      return await work();
    } catch (error) {
      throw error instanceof KafkaClientError ? error : translateError(error, doing);
    } finally {
      this.#asked -= 1;
    }
  }
}
