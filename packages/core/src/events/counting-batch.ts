import Type, { type Static } from 'typebox';
import { targetSchema } from '../records/target.js';
import { type EventContext, stamp, ticketIdField, timestampUtcField } from './event-context.js';

const strict = { additionalProperties: false };
const count = Type.Integer({ minimum: 0 });

/** The Unix second at which a minute of the KST day (UTC+9) begins. */
export const minuteField = Type.Integer({ minimum: 0, multipleOf: 60 });

export const countingItemSchema = Type.Object(
  {
    minute_start_ts_kst: minuteField,
    total: count,
    /** Records by symbol. */
    details: Type.Record(Type.String({ minLength: 1 }), count),
  },
  strict,
);
export type CountingItem = Static<typeof countingItemSchema>;

/** Records counted by minute and symbol. */
export const countingBatchSchema = Type.Object(
  {
    range_start_ts_kst: minuteField,
    range_end_ts_kst: minuteField,
    bucket_size_sec: Type.Literal(60),
    items: Type.Array(countingItemSchema),
    version: Type.Integer({ minimum: 1 }),
  },
  strict,
);
export type CountingBatch = Static<typeof countingBatchSchema>;

/** A counting batch of one target: on `ws.metrics`. */
export const metricsEventSchema = Type.Object(
  {
    action: Type.Literal('counting_batch'),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    target: targetSchema,
    batch: countingBatchSchema,
  },
  strict,
);
export type MetricsEvent = Static<typeof metricsEventSchema>;

export function createMetricsEvent(
  input: Pick<MetricsEvent, 'target' | 'batch'>,
  context?: EventContext,
): MetricsEvent {
  return { action: 'counting_batch', ...stamp(context), ...input };
}
