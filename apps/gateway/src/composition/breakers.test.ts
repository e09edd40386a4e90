import { silentLogger, silentMetrics, systemClock } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { createRedisConnectionManager } from '@naru/redis-cache';
import { describeRedisServer, startRedisServer } from '@naru/test-services';
import { expect, onTestFinished, test } from 'vitest';
import { type Breakers, createBreakers } from './breakers.js';

const shared = { logger: silentLogger, metrics: silentMetrics };
const refuse = (): never => {
  throw new Error('refused');
};

test('reports every circuit: its state, and the wait until the next probe', async () => {
  const clock = createManualClock();
  const breakers = createBreakers({ ...shared, clock });
  expect(breakers.report()).toEqual([]);
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await expect(breakers.of('upbit/korea/trade').execute(refuse)).rejects.toThrow('refused');
  }
  await breakers.of('okx/asia/trade').execute(async () => {});
  await clock.advance(20_000);
  expect(breakers.report()).toMatchObject([
    { name: 'okx/asia/trade', state: 'closed', mode: 'automatic', degraded: false },
    { name: 'upbit/korea/trade', state: 'open', retryAfterMs: 40_000, attempt: 1 },
  ]);
  await breakers.close();
});

test('an operator steers the circuit of any target, and of nothing else', async () => {
  const breakers = createBreakers({ ...shared, clock: createManualClock() });
  const note = { reason: 'maintenance', author: 'kim' };
  expect(await breakers.steer('upbit/korea/trade', 'open', note)).toMatchObject({ mode: 'forced-open', ...note });
  await expect(breakers.of('upbit/korea/trade').execute(async () => 1)).rejects.toThrow();
  expect(await breakers.steer('upbit/korea/trade', 'close', note)).toMatchObject({ mode: 'forced-closed' });
  expect(await breakers.steer('upbit/korea/trade', 'reset', note)).toMatchObject({ mode: 'automatic' });
  expect(await breakers.of('upbit/korea/trade').execute(async () => 1)).toBe(1);
  for (const name of ['upbit/asia/trade', 'nasdaq/na/trade', 'upbit/korea/candle', 'upbit/korea/trade/x', 'x']) {
    expect(await breakers.steer(name, 'open', note), name).toBeUndefined();
  }
  expect(breakers.report()).toHaveLength(1);
  await breakers.close();
});

describeRedisServer('breakers of two members on one Redis', () => {
  async function join(url: string): Promise<Breakers> {
    const redis = createRedisConnectionManager({ url });
    await redis.initialize();
    const breakers = createBreakers({ ...shared, clock: systemClock, redis });
    onTestFinished(async () => {
      await breakers.close();
      await redis.close();
    });
    return breakers;
  }

  test('share what one of them learned', async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.stop());
    const [first, second] = [await join(server.url), await join(server.url)];
    await second.of('upbit/korea/trade').start();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await expect(first.of('upbit/korea/trade').execute(refuse)).rejects.toThrow('refused');
    }
    await expect
      .poll(() => second.report())
      .toMatchObject([{ name: 'upbit/korea/trade', state: 'open', degraded: false }]);
  });
});
