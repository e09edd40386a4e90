import { createTopicNames, type TopicNames, topicNames } from '@naru/core';
import type { GatewayConfig } from '../config/gateway-config.js';

export interface LoadSurroundings {
  readonly brokers: readonly string[];
  readonly topics: TopicNames;
  /** Names the consumer groups of the run. */
  readonly groupId: string;
  readonly simulatorHost: string;
}

/** Topics of a run's own: it mixes with nothing and can be counted. */
export function loadTopics(prefix: string): TopicNames {
  return createTopicNames(
    Object.fromEntries(Object.entries(topicNames).map(([name, topic]) => [name, `${prefix}${topic}`])),
  );
}

/**
 * The configuration of a gateway under load: servers, batches and buffers as they are configured, and nothing that real
 * streams share. Connection state is in memory, and there is no spool: what is measured is the way to Kafka.
 */
export function loadConfig(config: GatewayConfig, surroundings: LoadSurroundings): GatewayConfig {
  const { brokers, topics, groupId, simulatorHost } = surroundings;
  return {
    ...config,
    kafka: { ...config.kafka, brokers, groupId },
    topics,
    redis: { ...config.redis, url: 'memory' },
    connections: {
      ...config.connections,
      allowedHosts: [simulatorHost],
      exchangeHosts: {},
      allowPrivateAddresses: true,
    },
    spool: { ...config.spool, directory: undefined },
    operations: { ...config.operations, port: 0 },
    logLevel: 'warn',
  };
}
