import Type, { type Static } from 'typebox';
import { type EventContext, stamp, ticketIdField, timestampUtcField } from './event-context.js';

const count = Type.Integer({ minimum: 0 });

export const backpressureStatusSchema = Type.Object(
  {
    queue_size: count,
    queue_max_size: count,
    /** 0 … 100, above 100 when single messages are larger than what was left. */
    usage_percent: Type.Number({ minimum: 0 }),
    is_throttled: Type.Boolean(),
    high_watermark: count,
    low_watermark: count,
  },
  { additionalProperties: false },
);
export type BackpressureStatus = Static<typeof backpressureStatusSchema>;

export const backpressureActions = [
  'backpressure_activated',
  'backpressure_deactivated',
  'queue_status_report',
] as const;

/** A producer's queue passed a mark, or its periodic report: on `ws.backpressure.events`. */
export const backpressureEventSchema = Type.Object(
  {
    action: Type.Enum(backpressureActions),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    producer_name: Type.String({ minLength: 1 }),
    producer_type: Type.String({ minLength: 1 }),
    status: backpressureStatusSchema,
    message: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type BackpressureEvent = Static<typeof backpressureEventSchema>;

export function createBackpressureEvent(
  input: Omit<BackpressureEvent, 'ticket_id' | 'timestamp_utc'>,
  context?: EventContext,
): BackpressureEvent {
  return { ...stamp(context), ...input };
}
