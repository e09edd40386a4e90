import { type Logger, silentLogger, type Target, type TradeRecord, type UsdKrwRate } from '@naru/core';
import { expect, test } from 'vitest';
import { createKrwConversion } from './krw-conversion.js';

const trades: Target = { exchange: 'okx', region: 'asia', request_type: 'trade' };
const trade: TradeRecord = {
  code: 'USDT-BTC',
  trade_timestamp: 1,
  trade_price: 0.1,
  trade_volume: 2,
  ask_bid: 1,
  sequential_id: '1',
  trade_amount: 0.2,
  received_at: 1,
};

function setUp() {
  const logged: string[] = [];
  const logger: Logger = {
    ...silentLogger,
    info: (message) => void logged.push(`info: ${message}`),
    warn: (message) => void logged.push(`warn: ${message}`),
  };
  let rate: UsdKrwRate | undefined;
  const convert = createKrwConversion({ rates: { current: () => rate, advice: 'Ask somebody.' }, logger });
  return {
    logged,
    convert,
    say: (krwPerUsd?: number) => (rate = krwPerUsd ? { krwPerUsd, source: 's', at: 1 } : undefined),
  };
}

test('each record is converted with the rate of its receipt', () => {
  const { convert, say } = setUp();
  const prices = [1_000, 2_000].map((rate) => {
    say(rate);
    return convert(trades, [trade]);
  });
  expect(prices).toMatchObject([[{ trade_price_krw: 100 }], [{ trade_price_krw: 200 }]]);
});

test('without a rate records go on as they are; losing it and finding it are said once each, with what to do', () => {
  const { convert, say, logged } = setUp();
  for (let count = 0; count < 3; count += 1) expect(convert(trades, [trade])).toEqual([trade]);
  expect(logged).toEqual(['warn: records have no amounts in won: no rate is known. Ask somebody.']);
  say(1_400);
  for (let count = 0; count < 3; count += 1) expect(convert(trades, [trade])[0]).toHaveProperty('trade_price_krw');
  expect(logged).toHaveLength(2);
  expect(logged[1]).toBe('info: records have amounts in won again');
});

test('records of other currencies are the same array, and ask for no rate', () => {
  const { convert, logged } = setUp();
  const records = [{ ...trade, code: 'KRW-BTC' }];
  expect(convert({ exchange: 'upbit', region: 'korea', request_type: 'trade' }, records)).toBe(records);
  expect(logged).toEqual([]);
});
