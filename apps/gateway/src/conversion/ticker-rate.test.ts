import type { MarketRecord, Target } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createTickerRate } from './ticker-rate.js';

const tickers: Target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };

function setUp() {
  const clock = createManualClock(1_700_000_000_000);
  const rates = createTickerRate({ exchange: 'upbit', market: 'KRW-USDT', staleMs: 5_000, clock });
  const see = (close: number, { code = 'KRW-USDT', target = tickers } = {}): void =>
    rates.observe?.(target, [{ code, close, timestamp: 1_699_999_000.5 } as MarketRecord]);
  return { clock, rates, see };
}

test('the rate is the last price of the market, with the exchange and the time that say so', () => {
  const { rates, see } = setUp();
  expect(rates.current()).toBeUndefined();
  see(1_399);
  see(1_400.5);
  expect(rates.current()).toEqual({ krwPerUsd: 1_400.5, source: 'upbit:KRW-USDT', at: 1_699_999_000.5 });
});

test('other markets, kinds and exchanges say nothing about it, and neither does a price of zero', () => {
  const { rates, see } = setUp();
  see(95_000_000, { code: 'KRW-BTC' });
  see(1_500, { target: { ...tickers, exchange: 'bithumb' } });
  see(1_500, { target: { ...tickers, request_type: 'trade' } });
  see(0);
  expect(rates.current()).toBeUndefined();
});

test('a price that was received too long ago is none, until the next one comes', async () => {
  const { clock, rates, see } = setUp();
  see(1_400);
  await clock.advance(4_999);
  expect(rates.current()).toMatchObject({ krwPerUsd: 1_400 });
  await clock.advance(1);
  expect(rates.current()).toBeUndefined();
  see(1_401);
  expect(rates.current()).toMatchObject({ krwPerUsd: 1_401 });
});
