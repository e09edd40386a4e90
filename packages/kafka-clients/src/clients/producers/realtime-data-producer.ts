import {
  createRecordBatch,
  type RecordByRequestType,
  type RequestType,
  realtimeTopic,
  systemClock,
  type Target,
} from '@naru/core';
import { EventProducer, type EventProducerOptions } from './event-producer.js';

/** Publishes normalised market data to `realtime.{request type}.{region}`, Avro, keyed by market code. */
export class RealtimeDataProducer extends EventProducer {
  constructor(options: EventProducerOptions) {
    super({ useAvro: true, ...options });
  }

  /** Sends records of one market as one batch; all batches of a market share a partition, in order. */
  sendBatch<T extends RequestType>(
    target: Target & { readonly request_type: T },
    code: string,
    data: readonly RecordByRequestType[T][],
  ): Promise<boolean> {
    const topic = realtimeTopic(target.request_type, target.region, this.topics);
    return this.produceSending(topic, createRecordBatch(target, data, this.eventContext.clock ?? systemClock), code);
  }
}
