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
