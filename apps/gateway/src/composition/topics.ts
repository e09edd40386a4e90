import { realtimeTopics, type TopicNames } from '@naru/core';
import type { TopicSpecification } from '@naru/kafka-clients';
import type { GatewayConfig } from '../config/gateway-config.js';

/** Every topic that the gateway reads or writes. */
export function topicSpecifications(
  names: TopicNames,
  { partitions, replication }: GatewayConfig['kafka'],
): TopicSpecification[] {
  const { command, disconnection, connectSuccess, metrics, error, dlq, backpressure, batchPerformance } = names;
  const others = [command, disconnection, connectSuccess, metrics, error, dlq, backpressure, batchPerformance];
  return [...realtimeTopics(names), ...others].map((topic) => ({
    topic,
    partitions,
    ...(replication === -1 ? {} : { replication }),
  }));
}
