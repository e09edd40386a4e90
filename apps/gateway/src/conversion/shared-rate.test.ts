import { type MarketRecord, silentLogger, type Target } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { createMemoryMessageBus, type MessageBus } from '@naru/redis-cache';
import { expect, test } from 'vitest';
import { rateChannel, shareRate } from './shared-rate.js';
import { createTickerRate, type TickerRate } from './ticker-rate.js';

const tickers: Target = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
const staleMs = 5_000;

async function setUp(bus: MessageBus = createMemoryMessageBus()) {
  const clock = createManualClock(1_700_000_000_000);
  const ends: (() => Promise<void>)[] = [];
  const join = async (market = 'KRW-USDT'): Promise<TickerRate> => {
    const rate = createTickerRate({ exchange: 'upbit', market, staleMs, clock });
    ends.push(await shareRate({ rate, bus, clock, logger: silentLogger }));
    return rate;
  };
  return { clock, bus, join, ends };
}

const see = (rate: TickerRate, close: number): void =>
  rate.observe(tickers, [{ code: 'KRW-USDT', close, timestamp: 1_699_999_000.5 } as MarketRecord]);

test('a member that does not stream the ticker has the rate of the one that does, within a second', async () => {
  const { clock, join } = await setUp();
  const [streams, listens] = [await join(), await join()];
  see(streams, 1_400.5);
  expect(listens.current()).toBeUndefined();
  await clock.advance(1_000);
  expect(listens.current()).toEqual({ krwPerUsd: 1_400.5, source: 'upbit:KRW-USDT', at: 1_699_999_000.5 });
  see(streams, 1_401);
  await clock.advance(1_000);
  expect(listens.current()).toMatchObject({ krwPerUsd: 1_401 });
});

test('it is as old for all as it is for the one that received it', async () => {
  const { clock, join } = await setUp();
  const [streams, listens] = [await join(), await join()];
  see(streams, 1_400);
  await clock.advance(staleMs - 1);
  expect(listens.current()).toMatchObject({ krwPerUsd: 1_400 });
  await clock.advance(1);
  expect([streams.current(), listens.current()]).toEqual([undefined, undefined]);
  await clock.advance(10 * staleMs);
  expect(listens.current()).toBeUndefined();
});

test('what was received here is not replaced by what is older', async () => {
  const { clock, join } = await setUp();
  const [first, second] = [await join(), await join()];
  see(first, 1_400);
  await clock.advance(500);
  see(second, 1_402);
  await clock.advance(1_500);
  expect([first.current()?.krwPerUsd, second.current()?.krwPerUsd]).toEqual([1_402, 1_402]);
});

test('a rate of another market is not theirs', async () => {
  const { clock, join } = await setUp();
  const [streams, other] = [await join(), await join('KRW-USDC')];
  see(streams, 1_400);
  await clock.advance(2_000);
  expect(other.current()).toBeUndefined();
});

test.each([
  ['no JSON', '{'],
  ['no rate', '{}'],
  ['nothing', 'null'],
  ['a rate of zero', '{"rate":{"krwPerUsd":0,"source":"upbit:KRW-USDT","at":1},"ageMs":0}'],
  ['text for a rate', '{"rate":{"krwPerUsd":"1400","source":"upbit:KRW-USDT","at":1},"ageMs":0}'],
  ['an age below zero', '{"rate":{"krwPerUsd":1400,"source":"upbit:KRW-USDT","at":1},"ageMs":-1}'],
  ['no age', '{"rate":{"krwPerUsd":1400,"source":"upbit:KRW-USDT","at":1}}'],
  [
    'too much',
    JSON.stringify({ rate: { krwPerUsd: 1_400, source: 'upbit:KRW-USDT', at: 1 }, ageMs: 0, more: 'x'.repeat(1_000) }),
  ],
])('%s is passed over', async (_, message) => {
  const { bus, join } = await setUp();
  const rate = await join();
  await bus.publish(rateChannel, message);
  await Promise.resolve();
  expect(rate.current()).toBeUndefined();
});

test('a bus that is away changes nothing here', async () => {
  const bus = createMemoryMessageBus();
  const { clock, join } = await setUp({ ...bus, publish: () => Promise.reject(new Error('Redis is away')) });
  const rate = await join();
  see(rate, 1_400);
  await clock.advance(2_000);
  expect(rate.current()).toMatchObject({ krwPerUsd: 1_400 });
});

test('once ended, nothing is told or heard, and no timer is left', async () => {
  const { clock, join, ends } = await setUp();
  const [streams, listens] = [await join(), await join()];
  for (const end of ends) await end();
  see(streams, 1_400);
  await clock.advance(2_000);
  expect(listens.current()).toBeUndefined();
  expect(clock.pending).toBe(0);
});
