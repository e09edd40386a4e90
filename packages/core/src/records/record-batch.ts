import Type, { type Static } from 'typebox';
import type { RequestType } from './exchange.js';
import type { OrderbookRecord } from './orderbook-record.js';
import { publishedOrderbookSchema, publishedTickerSchema, publishedTradeSchema } from './published-record.js';
import { targetSchema } from './target.js';
import type { TickerRecord } from './ticker-record.js';
import type { TradeRecord } from './trade-record.js';

/** A record of the market: what an exchange's frame was turned into. */
export type MarketRecord = TickerRecord | TradeRecord | OrderbookRecord;

/** Which record a stream of this kind carries. */
export interface RecordByRequestType {
  ticker: TickerRecord;
  trade: TradeRecord;
  orderbook: OrderbookRecord;
}

const envelope = {
  exchange: targetSchema.properties.exchange,
  region: targetSchema.properties.region,
  timestamp_ms: Type.Integer({ minimum: 0, description: 'Unix milliseconds at which the batch was closed' }),
  batch_size: Type.Integer({ minimum: 1, description: 'number of records in data' }),
};
const strict = { additionalProperties: false };

export const tickerBatchSchema = Type.Object(
  { ...envelope, request_type: Type.Literal('ticker'), data: Type.Array(publishedTickerSchema, { minItems: 1 }) },
  strict,
);
export type TickerBatch = Static<typeof tickerBatchSchema>;

export const tradeBatchSchema = Type.Object(
  { ...envelope, request_type: Type.Literal('trade'), data: Type.Array(publishedTradeSchema, { minItems: 1 }) },
  strict,
);
export type TradeBatch = Static<typeof tradeBatchSchema>;

export const orderbookBatchSchema = Type.Object(
  { ...envelope, request_type: Type.Literal('orderbook'), data: Type.Array(publishedOrderbookSchema, { minItems: 1 }) },
  strict,
);
export type OrderbookBatch = Static<typeof orderbookBatchSchema>;

/** What one message on `realtime.*` holds: records of one market, in order. */
export interface RecordBatch<T extends RequestType = RequestType, R = RecordByRequestType[T]> {
  readonly exchange: string;
  readonly region: Static<typeof envelope.region>;
  readonly request_type: T;
  readonly timestamp_ms: number;
  readonly batch_size: number;
  readonly data: readonly R[];
}
