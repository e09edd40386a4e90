import { createManualClock } from '@naru/core/testing';
import { describeReal, redisDatabase } from '@naru/test-services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectBreakerRedis, type OwnBreakerRedis } from '../redis/connect-breaker-redis.js';
import { createRedisBreakerStore } from '../redis/redis-breaker-store.js';
import { breakerStoreContract } from '../testing/breaker-store-contract.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import { MemoryBreakerStore } from './memory-breaker-store.js';

const begin = 1_700_000_000_000;

describe('breaker store in memory', () => {
  for (const { title, check } of breakerStoreContract) {
    test(title, async () => {
      const clock = createManualClock(begin);
      await check({ store: new MemoryBreakerStore({ clock }), advance: (ms) => clock.advance(ms) });
    });
  }

  test('forgets an idle circuit after an hour, but not what an operator holds', async () => {
    const clock = createManualClock(begin);
    const store = new MemoryBreakerStore({ clock });
    await store.trip('idle', { instance: 'a', epoch: 0, quorum: 1, voteMs: 1, openMs: 60_000 });
    await store.setMode('held', { mode: 'forced-open' });
    await clock.advance(3_600_000);
    expect(await store.read('idle')).toMatchObject({ state: 'open' });
    await clock.advance(60_000);
    const listed: string[] = [];
    for await (const name of store.list()) listed.push(name);
    expect(listed).toEqual(['held']);
    expect(await store.read('idle')).toMatchObject({ state: 'closed', epoch: 0 });
    expect(await store.read('held')).toMatchObject({ mode: 'forced-open' });
    expect(() => new MemoryBreakerStore({ idleMs: 0 })).toThrow(/^idleMs is 0/);
  });

  test('numbers generations by the time of day, so that a forgotten circuit does not begin low again', async () => {
    const store = new MemoryBreakerStore({ clock: createManualClock(begin) });
    expect(await store.reset('x')).toMatchObject({ epoch: begin * 1_000, revision: begin * 1_000 });
  });

  test('tells nobody after it was closed', async () => {
    const store = new MemoryBreakerStore({ clock: createManualClock(begin) });
    let heard = 0;
    await store.watch('x', () => {
      heard += 1;
    });
    await store.reset('x');
    await store.close();
    await store.reset('x');
    expect(heard).toBe(1);
  });
});

describeReal('breaker store in Redis', ['redis'], () => {
  let redis: OwnBreakerRedis;
  let direct: Redis;

  beforeAll(async () => {
    const url = redisDatabase(11);
    redis = await connectBreakerRedis({ url });
    direct = new Redis(url);
  });
  afterAll(async () => {
    await redis.close();
    direct.disconnect();
  });
  beforeEach(async () => void (await direct.flushdb()));

  for (const { title, check } of breakerStoreContract) {
    test(title, async () => {
      const clock = createManualClock(begin);
      const store = createRedisBreakerStore({ redis: withManualTime(redis, clock) });
      await check({ store, advance: (ms) => clock.advance(ms) });
    });
  }

  test("uses the server's clock for generations", async () => {
    const store = createRedisBreakerStore({ redis });
    const [seconds] = await direct.time();
    const { snapshot } = await store.trip('x', { instance: 'a', epoch: 0, quorum: 1, voteMs: 1_000, openMs: 60_000 });
    expect(snapshot.epoch).toBeGreaterThanOrEqual(Number(seconds) * 1_000_000);
  });

  test('lets an idle circuit expire after it may have closed, and keeps what an operator decided', async () => {
    const store = createRedisBreakerStore({ redis });
    await store.trip('x', { instance: 'a', epoch: 0, quorum: 1, voteMs: 1_000, openMs: 60_000 });
    expect(await direct.pttl('{cb:x}:s')).toBeGreaterThan(3_600_000);
    await store.setMode('x', { mode: 'forced-open' });
    expect(await direct.pttl('{cb:x}:s')).toBe(-1);
    await store.reset('x');
    expect(await direct.pttl('{cb:x}:s')).toBeLessThanOrEqual(3_600_000);
  });

  test('a denied probe does not prolong the life of anything', async () => {
    const clock = createManualClock(begin);
    const store = createRedisBreakerStore({ redis: withManualTime(redis, clock) });
    await store.trip('x', { instance: 'a', epoch: 0, quorum: 1, voteMs: 1_000, openMs: 1_000 });
    await clock.advance(1_000);
    await store.acquire('x', { token: 'p1', leaseMs: 1_000, maxProbes: 1 });
    await direct.pexpire('{cb:x}:s', 5_000);
    expect((await store.acquire('x', { token: 'p2', leaseMs: 1_000, maxProbes: 1 })).applied).toBe(false);
    expect(await direct.pttl('{cb:x}:s')).toBeLessThanOrEqual(5_000);
  });

  test.each<[string, (key: string) => Promise<unknown>]>([
    ['an unknown state', (key) => direct.hset(key, 'state', 'ajar', 'epoch', '1', 'rev', '1')],
    ['a number that is none', (key) => direct.hset(key, 'state', 'open', 'epoch', 'x', 'rev', '1')],
    ['something else than a hash', (key) => direct.set(key, 'x')],
  ])('says when what is stored is not a circuit but %s, until it is reset', async (_what, damage) => {
    const store = createRedisBreakerStore({ redis });
    await damage('{cb:x}:s');
    await expect(store.read('x')).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('circuit x cannot be read. Reset'),
    });
    expect(await store.reset('x')).toMatchObject({ state: 'closed', mode: 'automatic' });
    expect(await store.read('x')).toMatchObject({ state: 'closed', epoch: expect.any(Number) });
  });

  test('hears of changes it cannot read', async () => {
    const store = createRedisBreakerStore({ redis });
    const heard = await new Promise((resolve) => {
      void store.watch('x', resolve).then(() => direct.publish('{cb:x}:e', 'not json'));
    });
    expect(heard).toBeUndefined();
  });
});
