import { realtimeTopics, type TopicNames } from '@naru/core';
import type { TopicSpecification } from '@naru/kafka-clients';
import type { GatewayConfig } from '../config/gateway-config.js';

/** A dead letter is a whole message and its reasons: more than a message may be elsewhere. */
export const maxLetterBytes: number = 4 * 1024 * 1024;

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
    ...(topic === dlq ? { config: { 'max.message.bytes': String(maxLetterBytes) } } : {}),
  }));
}
