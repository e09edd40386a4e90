import { createManualClock } from '@naru/core/testing';
import { describeReal, redisDatabase } from '@naru/test-services';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRedisConnectionManager, type RedisConnectionManager } from '../connections/redis-connection-manager.js';
import { leaseStoreContract } from '../testing/lease-store-contract.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import { createLeaseStore } from './create-lease-store.js';

const begin = 1_700_000_000_000;

describe('leases in memory', () => {
  for (const { title, check } of leaseStoreContract) {
    test(title, async () => {
      const clock = createManualClock(begin);
      await check({ leases: createLeaseStore({ clock }), advance: (ms) => clock.advance(ms) });
    });
  }
});

describe('arguments of a lease', () => {
  const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
  const leases = createLeaseStore({ clock: createManualClock(begin) });

  test.each([
    ['owner is ""', () => leases.acquire(scope, '', 1)],
    ['owner is " a"', () => leases.acquire(scope, ' a', 1)],
    ['owner is "a "', () => leases.acquire(scope, 'a ', 1)],
    ['owner is a', () => leases.acquire(scope, ['a'] as unknown as string, 1)],
    [`owner is "${'a'.repeat(80)}"`, () => leases.acquire(scope, 'a'.repeat(129), 1)],
    ['ttlMs is 0', () => leases.acquire(scope, 'a', 0)],
    ['ttlMs is 86400001', () => leases.renew(scope, 1, 86_400_001)],
    ['token is 0', () => leases.renew(scope, 0, 1)],
    ['token is 0.5', () => leases.release(scope, 0.5)],
    ['token is -1', () => leases.handOver(scope, -1)],
    ['limit is 0', () => leases.takeOver('a', 1, 0)],
    ['limit is 10001', () => leases.listExpired(10_001)],
    ['scope.region is ""', () => leases.release({ ...scope, region: '' }, 1)],
  ])('%s is refused', async (message, ask) => {
    await expect(ask()).rejects.toMatchObject({
      code: 'invalid_argument',
      message: expect.stringMatching(new RegExp(`^${message.replace(/[.*]/g, '\\$&')}; it must be .{5}`)),
    });
  });

  test('tokens begin with the time of day in microseconds', async () => {
    expect(await leases.acquire(scope, 'a'.repeat(128), 86_400_000)).toMatchObject({ token: begin * 1_000 });
  });

  test('those that expire together are listed by their names', async () => {
    const clock = createManualClock(begin);
    const many = createLeaseStore({ clock });
    for (const exchange of ['okx', 'binance', 'upbit']) await many.acquire({ ...scope, exchange }, 'a', 1_000);
    expect((await many.list()).map((lease) => lease.scope.exchange)).toEqual(['binance', 'okx', 'upbit']);
  });
});

describeReal('leases in Redis', ['redis'], () => {
  let manager: RedisConnectionManager;
  const namespace = 'lease-store-test';

  beforeAll(async () => {
    manager = createRedisConnectionManager({ url: redisDatabase(10) });
    await manager.initialize();
  });
  afterAll(() => manager.close());
  beforeEach(async () => void (await manager.client.flushdb()));

  for (const { title, check } of leaseStoreContract) {
    test(title, async () => {
      const clock = createManualClock(begin);
      const leases = createLeaseStore({ redis: withManualTime(manager, clock), namespace });
      await check({ leases, advance: (ms) => clock.advance(ms) });
    });
  }

  test("grants and renews by the server's own clock", async () => {
    const leases = createLeaseStore({ redis: manager, namespace });
    const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
    const [seconds] = await manager.client.time();
    const first = await leases.acquire(scope, 'a', 60_000);
    expect(first.acquired && first.token).toBeGreaterThanOrEqual(Number(seconds) * 1_000_000);
    expect(await leases.renew(scope, first.token, 60_000)).toBe(true);
    expect(await leases.release(scope, first.token)).toBe(true);
  });
});
