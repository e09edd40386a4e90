import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChecker } from '../checking/checker.js';
import { type OrderbookRecord, orderbookRecordSchema } from '../records/orderbook-record.js';
import { type TickerRecord, tickerRecordSchema } from '../records/ticker-record.js';
import { type TradeRecord, tradeRecordSchema } from '../records/trade-record.js';
import { convertToKrw } from './convert-to-krw.js';
import { krwAmount } from './krw-amount.js';

const rate = { krwPerUsd: 1400.3, source: 'upbit:KRW-USDT', at: 1_730_336_861.5 };
const fx = { fx_rate_usd_krw: 1400.3, fx_rate_source: 'upbit:KRW-USDT', fx_rate_ts: 1_730_336_861.5 };

const ticker: TickerRecord = {
  code: 'USDT-BTC',
  timestamp: 1_730_336_862.082,
  open: 0.2,
  high: 0.3,
  low: 0.1,
  close: 0.1,
  volume: 7,
  quote_volume: 1000,
  prev_close: 0.2,
  change_price: -0.1,
  change_rate: -0.5,
  received_at: 1_730_336_862.1,
};
const trade: TradeRecord = {
  code: 'USD-BTC',
  trade_timestamp: 1_730_336_862.082,
  trade_price: 0.1,
  trade_volume: 3,
  ask_bid: -1,
  sequential_id: '1',
  trade_amount: 0.3,
  received_at: 1_730_336_862.1,
};
const orderbook: OrderbookRecord = {
  code: 'USDC-BTC',
  timestamp: 1_730_336_862.082,
  asks: [[0.2, 5]],
  bids: [
    [0.1, 6],
    [0, 7],
  ],
  stream_type: 'REALTIME',
  received_at: 1_730_336_862.1,
};

test('a ticker gains its prices and its quote volume in won, and the rate; volume and change rate stay alone', () => {
  const converted = convertToKrw('ticker', ticker, rate);
  expect(converted).toEqual({
    ...ticker,
    open_krw: 280.06,
    high_krw: 420.09,
    low_krw: 140.03,
    close_krw: 140.03,
    quote_volume_krw: 1_400_300,
    prev_close_krw: 280.06,
    change_price_krw: -140.03,
    ...fx,
  });
  expect(createChecker(tickerRecordSchema).check(converted)).toBe(true);
});

test('figures that a ticker does not have are not made up', () => {
  const { quote_volume: _, prev_close: __, change_price: ___, ...less } = ticker;
  expect(Object.keys(convertToKrw('ticker', less, rate)).filter((name) => name.endsWith('_krw'))).toEqual([
    'open_krw',
    'high_krw',
    'low_krw',
    'close_krw',
    'fx_rate_usd_krw',
  ]);
});

test('a trade gains price and amount, an order book its levels with their sizes', () => {
  const converted = convertToKrw('trade', trade, rate);
  expect(converted).toEqual({ ...trade, trade_price_krw: 140.03, trade_amount_krw: 420.09, ...fx });
  expect(createChecker(tradeRecordSchema).check(converted)).toBe(true);

  const book = convertToKrw('orderbook', orderbook, rate);
  expect(book).toEqual({
    ...orderbook,
    asks_krw: [[280.06, 5]],
    bids_krw: [
      [140.03, 6],
      [0, 7],
    ],
    ...fx,
  });
  expect(createChecker(orderbookRecordSchema).check(book)).toBe(true);
});

test.each(['KRW-BTC', 'BTC-ETH', 'EUR-USDT', 'USDTT-BTC', 'KRW-USD'])('%s is not counted in dollars', (code) => {
  const record = { ...trade, code };
  expect(convertToKrw('trade', record, rate)).toBe(record);
});

test('the record that was given is not changed', () => {
  for (const record of [ticker, trade, orderbook]) Object.freeze(record);
  expect(convertToKrw('ticker', ticker, rate)).not.toBe(ticker);
  expect(ticker).not.toHaveProperty('close_krw');
});

test('an amount in won that is not finite leaves the whole record as it is', () => {
  const far = Number.MAX_VALUE;
  for (const record of [
    { ...trade, trade_price: far },
    { ...trade, trade_amount: far },
  ]) {
    expect(convertToKrw('trade', record, rate)).toBe(record);
  }
  const high = { ...ticker, high: far };
  expect(convertToKrw('ticker', high, rate)).toBe(high);
  const book: OrderbookRecord = { ...orderbook, bids: [[far, 1]] };
  expect(convertToKrw('orderbook', book, rate)).toBe(book);
});

test('a product of decimals that has fifteen digits at most is exact', () => {
  const decimal = fc.record({ digits: fc.bigInt(-9_999_999n, 9_999_999n), places: fc.nat(12) });
  const perUsd = fc.record({ digits: fc.bigInt(1n, 9_999_999n), places: fc.nat(4) });
  fc.assert(
    fc.property(decimal, perUsd, (amount, krwPerUsd) => {
      const written = ({ digits, places }: { digits: bigint; places: number }) => Number(`${digits}e-${places}`);
      const exact = { digits: amount.digits * krwPerUsd.digits, places: amount.places + krwPerUsd.places };
      expect(krwAmount(written(amount), written(krwPerUsd))).toBe(written(exact));
    }),
    { numRuns: 2_000 },
  );
});
