import type { RequestType } from '../records/exchange.js';
import type { BookLevel, OrderbookRecord } from '../records/orderbook-record.js';
import type { RecordByRequestType } from '../records/record-batch.js';
import type { TickerRecord } from '../records/ticker-record.js';
import type { TradeRecord } from '../records/trade-record.js';
import { krwAmount } from './krw-amount.js';
import { isUsdQuoted } from './usd-quotes.js';

/** What a US dollar costs, and who says so. */
export interface UsdKrwRate {
  /** Won for one dollar, above 0. */
  readonly krwPerUsd: number;
  /** Where it comes from, in words that go into the record. */
  readonly source: string;
  /** When it was said, Unix seconds. */
  readonly at: number;
}

/**
 * Adds what a record's prices and amounts are in won, all of them by the one rate, which it adds too. Sizes stay what
 * they are. The record itself is not changed; it comes back as it is where its prices are not counted in `usdQuotes`,
 * and where an amount in won would be no finite number.
 */
export function convertToKrw<T extends RequestType>(
  requestType: T,
  record: RecordByRequestType[T],
  rate: UsdKrwRate,
): RecordByRequestType[T] {
  if (!isUsdQuoted(record.code)) return record;
  const inKrw = amountsInKrw[requestType](record, rate.krwPerUsd);
  if (inKrw === undefined) return record;
  return { ...record, ...inKrw, fx_rate_usd_krw: rate.krwPerUsd, fx_rate_source: rate.source, fx_rate_ts: rate.at };
}

/** The fields that each kind of record gains; undefined where one of them would not be finite. */
const amountsInKrw: {
  readonly [T in RequestType]: (
    record: RecordByRequestType[T],
    krwPerUsd: number,
  ) => Partial<RecordByRequestType[T]> | undefined;
} = {
  ticker(record, krwPerUsd) {
    const inKrw: Partial<TickerRecord> = {};
    for (const name of tickerAmounts) {
      const amount = record[name];
      if (amount === undefined) continue;
      const krw = krwAmount(amount, krwPerUsd);
      if (!Number.isFinite(krw)) return undefined;
      inKrw[`${name}_krw`] = krw;
    }
    return inKrw;
  },
  trade(record, krwPerUsd): Partial<TradeRecord> | undefined {
    const price = krwAmount(record.trade_price, krwPerUsd);
    const amount = krwAmount(record.trade_amount, krwPerUsd);
    if (!Number.isFinite(price) || !Number.isFinite(amount)) return undefined;
    return { trade_price_krw: price, trade_amount_krw: amount };
  },
  orderbook(record, krwPerUsd): Partial<OrderbookRecord> | undefined {
    const asks = levelsInKrw(record.asks, krwPerUsd);
    const bids = levelsInKrw(record.bids, krwPerUsd);
    return asks && bids && { asks_krw: asks, bids_krw: bids };
  },
};

const tickerAmounts = ['open', 'high', 'low', 'close', 'quote_volume', 'prev_close', 'change_price'] as const;

function levelsInKrw(levels: readonly BookLevel[], krwPerUsd: number): BookLevel[] | undefined {
  const inKrw: BookLevel[] = [];
  for (const [price, size] of levels) {
    const krw = krwAmount(price, krwPerUsd);
    if (!Number.isFinite(krw)) return undefined;
    inKrw.push([krw, size]);
  }
  return inKrw;
}
