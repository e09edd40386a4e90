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
