import { expect, test } from 'vitest';
import { createChecker } from '../checking/checker.js';
import { createRecordBatch } from './create-record-batch.js';
import { exchangeNames, isExchangeName, regionOf } from './exchange.js';
import { formatMarketCode, isMarketCode, parseMarketCode } from './market-code.js';
import { alwaysPublished, publishedTickerSchema, recordFields } from './published-record.js';
import { tickerBatchSchema } from './record-batch.js';
import { targetKey } from './target.js';
import { type TickerRecord, tickerRecordSchema } from './ticker-record.js';
import { type TradeRecord, tradeRecordSchema } from './trade-record.js';

const ticker: TickerRecord = {
  code: 'KRW-BTC',
  timestamp: 1_730_336_862.082,
  open: 1,
  high: 2,
  low: 0.5,
  close: 1.5,
  volume: 0,
  received_at: 1_730_336_862.1,
};
const trade: TradeRecord = {
  code: 'USDT-1000SATS',
  trade_timestamp: 1_730_336_862.082,
  trade_price: 1,
  trade_volume: 2,
  ask_bid: -1,
  sequential_id: '18446744073709551616',
  trade_amount: 2,
  received_at: 1_730_336_862.1,
};

test('every exchange has its region', () => {
  expect(exchangeNames).toHaveLength(11);
  expect(exchangeNames.map((name) => [name, regionOf(name)])).toContainEqual(['bitfinex', 'eu']);
  expect(isExchangeName('upbit')).toBe(true);
  for (const name of ['constructor', 'toString', '__proto__', 'Upbit']) expect(isExchangeName(name)).toBe(false);
});

test.each([
  ['KRW-BTC', 'KRW', 'BTC'],
  ['KRW-1INCH', 'KRW', '1INCH'],
  ['USDT-1000SATS', 'USDT', '1000SATS'],
])('the market code %s is %s and %s', (code, quote, base) => {
  expect(parseMarketCode(code)).toEqual({ quote, base });
  expect(formatMarketCode({ quote: quote.toLowerCase(), base })).toBe(code);
});

test.each(['', 'KRW', 'KRW-', '-BTC', 'krw-btc', 'KRW-BTC-ETH', 'KRW_BTC', 'KRW-BTC\n'])(
  '%j is no market code',
  (code) => {
    expect(isMarketCode(code)).toBe(false);
    expect(() => parseMarketCode(code)).toThrow(expect.objectContaining({ code: 'invalid_market_code' }));
  },
);

test('records refuse what must never be published', () => {
  const tickers = createChecker(tickerRecordSchema);
  const trades = createChecker(tradeRecordSchema);
  expect(tickers.check(ticker)).toBe(true);
  expect(trades.check(trade)).toBe(true);
  expect(tickers.check({ ...ticker, close: Number.NaN })).toBe(false);
  expect(tickers.check({ ...ticker, received_at: undefined })).toBe(false);
  expect(trades.check({ ...trade, trade_price: 0 })).toBe(false);
  expect(trades.check({ ...trade, ask_bid: 2 })).toBe(false);
  expect(trades.check({ ...trade, sequential_id: 5 })).toBe(false);
});

test('a projection may take everything but what a record is about and its two times', () => {
  const published = createChecker(publishedTickerSchema);
  const { code, timestamp, received_at } = ticker;
  expect(published.check({ code, timestamp, received_at })).toBe(true);
  expect(published.check({ code, timestamp, received_at, close: 1 })).toBe(true);
  for (const name of alwaysPublished.ticker) expect(published.check({ ...ticker, [name]: undefined })).toBe(false);
  expect(recordFields('trade')).toContain('sequential_id');
});

test('a batch says how many records it holds, and when it was closed', () => {
  const target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' } as const;
  const batch = createRecordBatch(target, [ticker, ticker], { now: () => 1_730_336_862_082.9 });
  expect(batch).toMatchObject({ ...target, timestamp_ms: 1_730_336_862_082, batch_size: 2 });
  expect(createChecker(tickerBatchSchema).check(batch)).toBe(true);
  expect(targetKey(target)).toBe('upbit/korea/ticker');
});
