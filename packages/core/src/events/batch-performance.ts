import Type, { type Static } from 'typebox';
import { targetSchema } from '../records/target.js';
import { type EventContext, stamp, ticketIdField, timestampUtcField } from './event-context.js';

const strict = { additionalProperties: false };
const count = Type.Integer({ minimum: 0 });
const rate = Type.Number({ minimum: 0 });
const share = Type.Number({ minimum: 0, maximum: 1 });

/** One batch was collected: on `monitoring.batch.performance`. */
export const batchCollectedSchema = Type.Object(
  {
    event_type: Type.Literal('batch_collected'),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    target: targetSchema,
    stats: Type.Object(
      { batch_size: count, unique_symbols: count, cache_efficiency: share, collection_timestamp_ms: count },
      strict,
    ),
  },
  strict,
);
export type BatchCollected = Static<typeof batchCollectedSchema>;

/** The batches of a period together. */
export const performanceSummarySchema = Type.Object(
  {
    event_type: Type.Literal('performance_summary'),
    ticket_id: ticketIdField,
    timestamp_utc: timestampUtcField,
    target: targetSchema,
    aggregated_stats: Type.Object(
      {
        total_batches: count,
        total_messages: count,
        avg_batch_size: rate,
        avg_symbols_per_batch: rate,
        avg_cache_efficiency: share,
        messages_per_second: rate,
        batches_per_minute: rate,
        elapsed_seconds: rate,
      },
      strict,
    ),
    summary_period_seconds: rate,
  },
  strict,
);
export type PerformanceSummary = Static<typeof performanceSummarySchema>;

export function createBatchCollected(
  input: Pick<BatchCollected, 'target' | 'stats'>,
  context?: EventContext,
): BatchCollected {
  return { event_type: 'batch_collected', ...stamp(context), ...input };
}

export function createPerformanceSummary(
  input: Pick<PerformanceSummary, 'target' | 'aggregated_stats' | 'summary_period_seconds'>,
  context?: EventContext,
): PerformanceSummary {
  return { event_type: 'performance_summary', ...stamp(context), ...input };
}
