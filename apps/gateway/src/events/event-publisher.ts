import {
  type Boundary,
  type Clock,
  createBackpressureEvent,
  createConnectSuccess,
  createErrorEvent,
  describeError,
  type Logger,
  symbolMessageKey,
  type Target,
  type TopicNames,
  targetKey,
} from '@naru/core';
import type { KafkaProducer, ProducerEvent } from '@naru/kafka-clients';

/** What the gateway tells about itself over Kafka. Publishing never throws: a failed event is logged. */
export interface EventPublisher {
  /** The exchange proved the subscription of a symbol. */
  confirmed(target: Target, symbol: string, correlationId: string | undefined): void;
  failed(failure: Failure): void;
  /** A producer's queue passed a mark, or its periodic report. Other events of a producer are left out. */
  backpressure(event: ProducerEvent, about?: { readonly type: string; readonly message: string }): void;
}

export interface Failure {
  /** Where the error was caught; the classification depends on it. */
  readonly boundary: Boundary;
  readonly error: Error;
  readonly target?: Target | undefined;
  readonly correlationId?: string | undefined;
  /** What was at hand; it is published, so no secrets. */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
}

export interface EventPublisherOptions {
  readonly producer: Pick<KafkaProducer, 'send'>;
  readonly topics: TopicNames;
  readonly encodeConnectSuccess: (event: object) => Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function createEventPublisher(options: EventPublisherOptions): EventPublisher {
  const { producer, topics, encodeConnectSuccess, clock, logger } = options;

  const publish = (topic: string, key: string | null, value: Buffer, correlationId: string | undefined): void => {
    producer.send(
      { topic, key, value, ...(correlationId === undefined ? {} : { headers: { 'correlation-id': correlationId } }) },
      (error) => {
        if (error) logger.error('event not delivered', { topic, error: error.message });
      },
    );
  };

  return {
    confirmed(target, symbol, correlationId) {
      const event = createConnectSuccess({ target, symbol, correlationId }, { clock });
      publish(
        topics.connectSuccess,
        symbolMessageKey(target, symbol),
        encodeConnectSuccess(event),
        event.meta.correlation_id,
      );
    },
    failed({ boundary, error, target, correlationId, context }) {
      const described = describeError(boundary, error);
      logger.warn(String(described.error_message.message), {
        boundary,
        domain: described.error_domain,
        code: described.error_code,
        target: target && targetKey(target),
        correlationId,
      });
      const event = createErrorEvent({ target, correlationId, context, error: described }, { clock });
      publish(topics.error, target ? targetKey(target) : null, Buffer.from(JSON.stringify(event)), correlationId);
    },
    backpressure(event, about) {
      if (!('status' in event)) return;
      const { queue_bytes: _, queue_max_bytes: __, ...status } = event.status;
      const told = createBackpressureEvent(
        {
          action: event.type,
          producer_name: event.producerName,
          producer_type: about?.type ?? 'KafkaProducer',
          status,
          ...(about && { message: about.message }),
        },
        { clock },
      );
      publish(topics.backpressure, event.producerName, Buffer.from(JSON.stringify(told)), undefined);
    },
  };
}
