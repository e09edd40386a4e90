import Type, { type Static } from 'typebox';
import { targetSchema } from '../records/target.js';
import { minuteField } from './counting-batch.js';
import { type EventContext, stamp, ticketIdField, timestampUtcField } from './event-context.js';

const strict = { additionalProperties: false };
const count = Type.Integer({ minimum: 0 });
const milliseconds = Type.Number({ minimum: 0 });

const envelope = {
  ticket_id: ticketIdField,
  timestamp_utc: timestampUtcField,
  target: targetSchema,
  minute_start_ts_kst: minuteField,
};

/** First layer: what arrived from the exchange in one minute. */
export const receptionMetricsSchema = Type.Object(
  {
    action: Type.Literal('reception_metrics'),
    ...envelope,
    total_received: count,
    total_parsed: count,
    total_parse_failed: count,
    bytes_received: count,
  },
  strict,
);
export type ReceptionMetrics = Static<typeof receptionMetricsSchema>;

/** Second layer: what became of the parsed records. `details` counts by outcome. */
export const processingMetricsSchema = Type.Object(
  {
    action: Type.Literal('processing_metrics'),
    ...envelope,
    total_processed: count,
    total_failed: count,
    details: Type.Record(Type.String({ minLength: 1 }), count),
  },
  strict,
);
export type ProcessingMetrics = Static<typeof processingMetricsSchema>;

/** Third layer: how good the minute was. Latencies in milliseconds; 0 where nothing was measured. */
export const qualityMetricsSchema = Type.Object(
  {
    action: Type.Literal('quality_metrics'),
    ...envelope,
    data_completeness: Type.Number({ minimum: 0, maximum: 1 }),
    symbol_coverage: Type.Number({ minimum: 0, maximum: 1 }),
    avg_latency_ms: milliseconds,
    p95_latency_ms: milliseconds,
    p99_latency_ms: milliseconds,
    health_score: Type.Number({ minimum: 0, maximum: 100 }),
  },
  strict,
);
export type QualityMetrics = Static<typeof qualityMetricsSchema>;

type Input<T> = Omit<T, 'action' | 'ticket_id' | 'timestamp_utc'>;

export function createReceptionMetrics(input: Input<ReceptionMetrics>, context?: EventContext): ReceptionMetrics {
  return { action: 'reception_metrics', ...stamp(context), ...input };
}

export function createProcessingMetrics(input: Input<ProcessingMetrics>, context?: EventContext): ProcessingMetrics {
  return { action: 'processing_metrics', ...stamp(context), ...input };
}

export function createQualityMetrics(input: Input<QualityMetrics>, context?: EventContext): QualityMetrics {
  return { action: 'quality_metrics', ...stamp(context), ...input };
}
