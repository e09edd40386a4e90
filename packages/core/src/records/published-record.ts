import Type, { type Static } from 'typebox';
import type { RequestType } from './exchange.js';
import { orderbookRecordSchema } from './orderbook-record.js';
import { tickerRecordSchema } from './ticker-record.js';
import { tradeRecordSchema } from './trade-record.js';

/** Fields that no projection takes away: what the record is about, and its two times. */
export const alwaysPublished = {
  ticker: ['code', 'timestamp', 'received_at'],
  trade: ['code', 'trade_timestamp', 'received_at'],
  orderbook: ['code', 'timestamp', 'received_at'],
} as const satisfies Record<RequestType, readonly string[]>;

const strict = { additionalProperties: false };

/** A record as it leaves: whole, or with the fields that a command's `projection` asked for. */
export const publishedTickerSchema = Type.Object(
  {
    ...Type.Partial(tickerRecordSchema).properties,
    ...Type.Pick(tickerRecordSchema, alwaysPublished.ticker).properties,
  },
  strict,
);
export type PublishedTicker = Static<typeof publishedTickerSchema>;

export const publishedTradeSchema = Type.Object(
  { ...Type.Partial(tradeRecordSchema).properties, ...Type.Pick(tradeRecordSchema, alwaysPublished.trade).properties },
  strict,
);
export type PublishedTrade = Static<typeof publishedTradeSchema>;

export const publishedOrderbookSchema = Type.Object(
  {
    ...Type.Partial(orderbookRecordSchema).properties,
    ...Type.Pick(orderbookRecordSchema, alwaysPublished.orderbook).properties,
  },
  strict,
);
export type PublishedOrderbook = Static<typeof publishedOrderbookSchema>;

const fieldsByType: Record<RequestType, readonly string[]> = {
  ticker: Object.keys(tickerRecordSchema.properties),
  trade: Object.keys(tradeRecordSchema.properties),
  orderbook: Object.keys(orderbookRecordSchema.properties),
};

/** Names that a command's `projection` may list for this kind of stream. */
export function recordFields(requestType: RequestType): readonly string[] {
  return fieldsByType[requestType];
}
