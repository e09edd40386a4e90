import { connectAndSubscribeSchema } from '../commands/connect-and-subscribe.js';
import { disconnectSchema } from '../commands/disconnect.js';
import { backpressureEventSchema } from '../events/backpressure-event.js';
import { batchCollectedSchema, performanceSummarySchema } from '../events/batch-performance.js';
import { connectSuccessSchema } from '../events/connect-success.js';
import { metricsEventSchema } from '../events/counting-batch.js';
import { dlqEventSchema } from '../events/dlq-event.js';
import { errorEventSchema } from '../events/error-event.js';
import { processingMetricsSchema, qualityMetricsSchema, receptionMetricsSchema } from '../events/metrics-layers.js';
import { producerMetricsSchema } from '../events/producer-metrics.js';
import { orderbookRecordSchema } from '../records/orderbook-record.js';
import { orderbookBatchSchema, tickerBatchSchema, tradeBatchSchema } from '../records/record-batch.js';
import { targetSchema } from '../records/target.js';
import { tickerRecordSchema } from '../records/ticker-record.js';
import { tradeRecordSchema } from '../records/trade-record.js';

/** Every DTO under the name that its file and its component have. */
export const dtoSchemas = {
  Target: targetSchema,
  TickerRecord: tickerRecordSchema,
  TradeRecord: tradeRecordSchema,
  OrderbookRecord: orderbookRecordSchema,
  TickerBatch: tickerBatchSchema,
  TradeBatch: tradeBatchSchema,
  OrderbookBatch: orderbookBatchSchema,
  ConnectAndSubscribe: connectAndSubscribeSchema,
  Disconnect: disconnectSchema,
  ConnectSuccess: connectSuccessSchema,
  ErrorEvent: errorEventSchema,
  DlqEvent: dlqEventSchema,
  BackpressureEvent: backpressureEventSchema,
  BatchCollected: batchCollectedSchema,
  PerformanceSummary: performanceSummarySchema,
  MetricsEvent: metricsEventSchema,
  ReceptionMetrics: receptionMetricsSchema,
  ProcessingMetrics: processingMetricsSchema,
  QualityMetrics: qualityMetricsSchema,
  ProducerMetrics: producerMetricsSchema,
} as const;

export type DtoName = keyof typeof dtoSchemas;
export const dtoNames: readonly DtoName[] = Object.freeze(Object.keys(dtoSchemas) as DtoName[]);
