import { type Clock, type EventContext, type TopicNames, topicNames } from '@naru/core';
import { AvroProducer, type AvroProducerOptions } from '../wrappers/avro-producer.js';

export interface EventProducerOptions extends AvroProducerOptions {
  /** Default: the specification's names. */
  readonly topics?: TopicNames | undefined;
  /** Stamps the events. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

/** What the producers of the system's own events share: topic names and a clock. */
export class EventProducer extends AvroProducer {
  protected readonly topics: TopicNames;
  protected readonly eventContext: EventContext;

  constructor(options: EventProducerOptions) {
    super(options);
    this.topics = options.topics ?? topicNames;
    this.eventContext = options.clock ? { clock: options.clock } : {};
  }
}
