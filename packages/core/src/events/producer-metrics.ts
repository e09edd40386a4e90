import Type, { type Static } from 'typebox';
import { systemClock } from '../clock.js';
import { type EventContext, stamp, ticketIdField } from './event-context.js';

export const producerMetricsTypes = ['DELIVERY_SUCCESS', 'DELIVERY_FAILURE', 'BUFFER_RETRY', 'QUEUE_FULL'] as const;
export type ProducerMetricsType = (typeof producerMetricsTypes)[number];

/** Longer message keys are cut to this many characters. */
export const maxMessageKeyLength = 100;

const count = Type.Integer({ minimum: 0 });

/** What became of one message of a producer: on `ws.metrics`. */
export const producerMetricsSchema = Type.Object(
  {
    ticket_id: ticketIdField,
    timestamp_ms: count,
    producer_class: Type.String({ minLength: 1 }),
    event_type: Type.Enum(producerMetricsTypes),
    topic: Type.Optional(Type.String({ minLength: 1 })),
    partition: Type.Optional(count),
    /** 64 bits wide in Kafka, therefore a string of digits. */
    offset: Type.Optional(Type.String({ pattern: '^-?[0-9]+$' })),
    message_key: Type.Optional(Type.String({ maxLength: maxMessageKeyLength })),
    delivery_latency_ms: Type.Optional(Type.Number({ minimum: 0 })),
    queue_depth: Type.Optional(count),
    buffer_retries: Type.Optional(count),
    error_code: Type.Optional(Type.String()),
    error_message: Type.Optional(Type.String()),
    success: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type ProducerMetrics = Static<typeof producerMetricsSchema>;

export function createProducerMetrics(
  input: Omit<ProducerMetrics, 'ticket_id' | 'timestamp_ms'>,
  context: EventContext = {},
): ProducerMetrics {
  const { clock = systemClock } = context;
  return {
    ticket_id: stamp(context).ticket_id,
    timestamp_ms: Math.floor(clock.now()),
    ...input,
    ...(input.message_key !== undefined && { message_key: input.message_key.slice(0, maxMessageKeyLength) }),
  };
}
