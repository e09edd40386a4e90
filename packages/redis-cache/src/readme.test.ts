import { describeReal, redisDatabase, runReadmeExample } from '@naru/test-services';
import { Redis } from 'ioredis';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

function listen(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...words: unknown[]) => void lines.push(words.join(' ')));
  return lines;
}

describeReal('the example of the cache', ['redis'], () => {
  test('writes what it reads back, under the documented keys', async () => {
    vi.stubEnv('REDIS_URL', redisDatabase(4));
    const lines = listen();
    await runReadmeExample(import.meta.url);
    expect(lines).toEqual(['connected KRW-BTC,KRW-ETH']);
    const redis = new Redis(redisDatabase(4));
    expect(await redis.hget('ws:connection:upbit:korea:ticker', 'status')).toBe('connected');
    expect((await redis.smembers('ws:connection:upbit:korea:ticker:symbols')).sort()).toEqual(['KRW-BTC', 'KRW-ETH']);
    redis.disconnect();
  });
});

test('the example of ownership writes under its token', async () => {
  const lines = listen();
  await runReadmeExample(import.meta.url, 1);
  expect(lines).toEqual(['true']);
});

test('the example of questions is answered', async () => {
  const lines = listen();
  await runReadmeExample(import.meta.url, 2);
  expect(lines).toEqual(['{"done":"reconnect"}']);
});
