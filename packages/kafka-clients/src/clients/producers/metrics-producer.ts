import {
  type CountingBatch,
  createMetricsEvent,
  createProducerMetrics,
  type ProcessingMetrics,
  type ProducerMetrics,
  type QualityMetrics,
  type ReceptionMetrics,
  type Region,
  type RequestType,
  type Target,
  targetMessageKey,
} from '@naru/core';
import { EventProducer, type EventProducerOptions } from './event-producer.js';

export interface CountingBatchReport {
  readonly region: Region;
  readonly exchange: string;
  readonly requestType: RequestType;
  readonly batch: CountingBatch;
}

/** Publishes to `ws.metrics`, Avro. */
export class MetricsProducer extends EventProducer {
  constructor(options: EventProducerOptions) {
    super({ useAvro: true, ...options });
  }

  /** Counts of one target by minute and symbol. */
  sendCountingBatch({ region, exchange, requestType, batch }: CountingBatchReport): Promise<boolean> {
    const target: Target = { exchange, region, request_type: requestType };
    return this.#send(target, createMetricsEvent({ target, batch }, this.eventContext));
  }

  /** One of the three layers: reception, processing, quality. */
  sendLayer(layer: ReceptionMetrics | ProcessingMetrics | QualityMetrics): Promise<boolean> {
    return this.#send(layer.target, layer);
  }

  /** What became of one message of a producer. */
  sendProducerMetrics(metrics: Omit<ProducerMetrics, 'ticket_id' | 'timestamp_ms'>): Promise<boolean> {
    return this.produceSending(
      this.topics.metrics,
      createProducerMetrics(metrics, this.eventContext),
      metrics.producer_class,
    );
  }

  #send(target: Target, event: object): Promise<boolean> {
    return this.produceSending(this.topics.metrics, event, targetMessageKey(target));
  }
}
