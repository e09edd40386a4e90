import type { ConsumerState, KafkaProducer } from '@naru/kafka-clients';
import type { DeliveryStatus } from '../publishing/delivery.js';

/** Why a consumer takes no commands; undefined when it does. */
export function describeConsumer(state: ConsumerState): string | undefined {
  switch (state.status) {
    case 'consuming':
      return undefined;
    case 'restarting':
    case 'halted':
      return `${state.status} after ${state.error.code}`;
    default:
      return state.status;
  }
}

/** Why a producer is behind; undefined when it is not. */
export function describeProducer({ queueStatus }: Pick<KafkaProducer, 'queueStatus'>): string | undefined {
  const { is_throttled, usage_percent } = queueStatus;
  return is_throttled ? `Kafka takes less than comes, ${usage_percent} % of its queue are full` : undefined;
}

/** Why records may be lost; undefined when they have room. */
export function describeDelivery({ isFull, spool }: Pick<DeliveryStatus, 'isFull' | 'spool'>): string | undefined {
  if (spool?.failure) return `the spool's disk refuses writes (${spool.failure.code})`;
  return isFull ? 'neither memory nor the spool has any; Kafka takes too little' : undefined;
}
