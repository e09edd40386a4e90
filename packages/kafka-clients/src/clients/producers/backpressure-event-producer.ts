import { createBackpressureEvent } from '@naru/core';
import type { ProducerEvent } from '../../producer/producer-events.js';
import { EventProducer } from './event-producer.js';

const ACTIONS = ['backpressure_activated', 'backpressure_deactivated', 'queue_status_report'] as const;

type BackpressureSignal = Extract<ProducerEvent, { readonly type: (typeof ACTIONS)[number] }>;

const isSignal = (event: ProducerEvent): event is BackpressureSignal =>
  (ACTIONS as readonly string[]).includes(event.type);

/**
 * Publishes to `ws.backpressure.events`, JSON. Give it a producer of its own: one that reports on itself adds to the
 * queue it reports on.
 */
export class BackpressureEventProducer extends EventProducer {
  /** What a producer's `onEvent` was told; events that are not about its queue are left out and answer true. */
  async sendBackpressureEvent(
    event: ProducerEvent,
    producerType = 'KafkaProducer',
    message?: string,
  ): Promise<boolean> {
    if (!isSignal(event)) return true;
    const { queue_size, queue_max_size, usage_percent, is_throttled, high_watermark, low_watermark } = event.status;
    return this.produceSending(
      this.topics.backpressure,
      createBackpressureEvent(
        {
          action: event.type,
          producer_name: event.producerName,
          producer_type: producerType,
          status: { queue_size, queue_max_size, usage_percent, is_throttled, high_watermark, low_watermark },
          ...(message !== undefined && { message }),
        },
        this.eventContext,
      ),
      event.producerName,
    );
  }
}
