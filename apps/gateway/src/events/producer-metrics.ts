import { type Clock, createProducerMetrics, type ProducerMetrics } from '@naru/core';
import type { KafkaProducer, ProducerEvent } from '@naru/kafka-clients';

export interface ProducerMetricsOptions {
  readonly producer: Pick<KafkaProducer, 'send' | 'queueStatus'>;
  /** Messages that the producer holds whose events are published. */
  readonly queueDepth: () => number;
  readonly topic: string;
  readonly encode: (event: object) => Buffer;
  readonly clock: Clock;
  /** Shortest time between two events of one kind about one topic, in milliseconds. Default 10,000. */
  readonly everyMs?: number | undefined;
}

type Reported = Omit<ProducerMetrics, 'ticket_id' | 'timestamp_ms'>;

/**
 * Publishes what becomes of batches. There are hundreds a second, and while Kafka is away each is retried: of each kind
 * and topic one is published now and then, and none while the producer of events itself is behind.
 */
export function createProducerMetricsReporter(options: ProducerMetricsOptions): (event: ProducerEvent) => void {
  const { producer, queueDepth, topic, encode, clock, everyMs = 10_000 } = options;
  // Kinds and topics are a closed set.
  const dueAt = new Map<string, number>();

  return (event) => {
    if (event.type === 'backpressure_activated' || !('topic' in event)) return;
    const key = `${event.type} ${event.topic}`;
    const now = clock.monotonic();
    if (now < (dueAt.get(key) ?? 0) || producer.queueStatus.is_throttled) return;
    dueAt.set(key, now + everyMs);
    const value = encode(createProducerMetrics({ ...reportOf(event), queue_depth: queueDepth() }, { clock }));
    void producer.send({ topic, key: event.producerName, value });
  };
}

type AboutTopic = Extract<ProducerEvent, { readonly topic: string }>;

function reportOf(event: AboutTopic): Reported {
  const common = { producer_class: event.producerName, topic: event.topic };
  switch (event.type) {
    case 'batch_delivered':
      return {
        ...common,
        event_type: 'DELIVERY_SUCCESS',
        partition: event.partition,
        offset: event.baseOffset,
        delivery_latency_ms: Math.max(0, event.latencyMs),
        success: true,
      };
    case 'batch_failed':
    case 'buffer_retry':
      return {
        ...common,
        event_type: event.type === 'batch_failed' ? 'DELIVERY_FAILURE' : 'BUFFER_RETRY',
        partition: event.partition,
        error_code: event.error.code,
        error_message: event.error.message.slice(0, 500),
        success: false,
      };
    case 'queue_full':
      return { ...common, event_type: 'QUEUE_FULL', success: false };
  }
}
