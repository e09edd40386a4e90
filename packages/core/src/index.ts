export { type Checker, createChecker, maxFailures } from './checking/checker.js';
export { type Checked, type CheckFailure, formatFailures } from './checking/failure.js';
export { type Clock, systemClock } from './clock.js';
export { commandIssuedAt, isCommandExpired, momentToUnixMs } from './commands/command-age.js';
export {
  type ConnectAndSubscribe,
  connectAndSubscribeSchema,
  type Moment,
} from './commands/connect-and-subscribe.js';
export { type Disconnect, disconnectSchema } from './commands/disconnect.js';
export { type Command, type ParsedCommand, parseCommand } from './commands/parse-command.js';
export { convertToKrw, type UsdKrwRate } from './conversion/convert-to-krw.js';
export { isUsdQuoted, usdQuotes } from './conversion/usd-quotes.js';
export {
  type Boundary,
  type ClassificationRule,
  classificationRules,
  networkErrorCodes,
} from './errors/classification-rules.js';
export { classifyError, type ErrorClass } from './errors/classify-error.js';
export { type ErrorCode, type ErrorDomain, errorCodes, errorDomains } from './errors/error-taxonomy.js';
export {
  type BackpressureEvent,
  type BackpressureStatus,
  backpressureActions,
  backpressureEventSchema,
  createBackpressureEvent,
} from './events/backpressure-event.js';
export {
  type BatchCollected,
  batchCollectedSchema,
  createBatchCollected,
  createPerformanceSummary,
  type PerformanceSummary,
  performanceSummarySchema,
} from './events/batch-performance.js';
export {
  type ConnectSuccess,
  type ConnectSuccessInput,
  connectSuccessSchema,
  createConnectSuccess,
} from './events/connect-success.js';
export {
  type CountingBatch,
  type CountingItem,
  countingBatchSchema,
  createMetricsEvent,
  type MetricsEvent,
  metricsEventSchema,
} from './events/counting-batch.js';
export { describeError } from './events/describe-error.js';
export { createDlqEvent, type DlqEvent, type DlqEventInput, dlqEventSchema } from './events/dlq-event.js';
export { createErrorEvent, type ErrorEvent, type ErrorEventInput, errorEventSchema } from './events/error-event.js';
export { type EventContext, eventSchemaVersion } from './events/event-context.js';
export {
  createProcessingMetrics,
  createQualityMetrics,
  createReceptionMetrics,
  type ProcessingMetrics,
  processingMetricsSchema,
  type QualityMetrics,
  qualityMetricsSchema,
  type ReceptionMetrics,
  receptionMetricsSchema,
} from './events/metrics-layers.js';
export {
  createProducerMetrics,
  maxMessageKeyLength,
  type ProducerMetrics,
  type ProducerMetricsType,
  producerMetricsSchema,
  producerMetricsTypes,
} from './events/producer-metrics.js';
export { keepStringsFast } from './keep-strings-fast.js';
export { type LogFields, type Logger, silentLogger } from './logger.js';
export { type MetricLabels, type Metrics, silentMetrics } from './metrics.js';
export { NaruError, type NaruErrorOptions } from './naru-error.js';
export { createRecordBatch } from './records/create-record-batch.js';
export {
  type ExchangeName,
  exchangeNames,
  isExchangeName,
  type Region,
  type RequestType,
  regionOf,
  regions,
  requestTypes,
} from './records/exchange.js';
export { formatMarketCode, isMarketCode, type MarketCode, parseMarketCode } from './records/market-code.js';
export { type BookLevel, type OrderbookRecord, orderbookRecordSchema } from './records/orderbook-record.js';
export {
  alwaysPublished,
  type PublishedOrderbook,
  type PublishedTicker,
  type PublishedTrade,
  publishedOrderbookSchema,
  publishedTickerSchema,
  publishedTradeSchema,
  recordFields,
} from './records/published-record.js';
export {
  type MarketRecord,
  type OrderbookBatch,
  orderbookBatchSchema,
  type RecordBatch,
  type RecordByRequestType,
  type TickerBatch,
  type TradeBatch,
  tickerBatchSchema,
  tradeBatchSchema,
} from './records/record-batch.js';
export type { StreamType } from './records/record-fields.js';
export { type Target, targetKey, targetSchema } from './records/target.js';
export { type TickerRecord, type TickerWindow, tickerRecordSchema, tickerWindows } from './records/ticker-record.js';
export { type Side, sides, type TradeRecord, tradeRecordSchema } from './records/trade-record.js';
export {
  createFormatPolicy,
  type Format,
  type FormatPolicyLine,
  type FormatRule,
  formatLineOf,
  formatOf,
  formatPolicy,
} from './topics/format-policy.js';
export { symbolMessageKey, targetMessageKey } from './topics/message-keys.js';
export {
  createTopicNames,
  realtimeTopic,
  realtimeTopics,
  type TopicNames,
  topicNames,
} from './topics/topic-names.js';
