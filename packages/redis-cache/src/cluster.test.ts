import { createManualClock } from '@naru/core/testing';
import { describeRedisServer, startRedisCluster } from '@naru/test-services';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebsocketConnectionCache } from './cache/websocket-connection-cache.js';
import { createRedisConnectionManager, type RedisConnectionManager } from './connections/redis-connection-manager.js';
import { createLeaseStore } from './leases/create-lease-store.js';
import { connectionCacheContract } from './testing/connection-cache-contract.js';
import { leaseStoreContract } from './testing/lease-store-contract.js';
import { withManualTime } from './testing/manual-redis-time.js';

describeRedisServer('on a Redis Cluster of three', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  let manager: RedisConnectionManager;

  beforeAll(async () => {
    cluster = await startRedisCluster();
    manager = createRedisConnectionManager({ cluster: cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })) });
    await manager.initialize();
  }, 30_000);
  afterAll(async () => {
    await manager?.close();
    await cluster?.stop();
  });
  beforeEach(async () => {
    for (const { url } of cluster.nodes) {
      const node = new Redis(url);
      await node.flushall();
      node.disconnect();
    }
  });

  for (const { title, check } of connectionCacheContract) {
    test(`the connection cache ${title}`, async () => {
      await check({
        cache: new WebsocketConnectionCache(manager, { ttlSeconds: 1 }),
        ttlMs: 1_000,
        passTtl: () =>
          expect.poll(() => manager.client.exists('ws:connection:{upbit:korea:ticker}'), { timeout: 5_000 }).toBe(0),
      });
    });
  }

  for (const { title, check } of leaseStoreContract) {
    test(`a lease store ${title}`, async () => {
      const clock = createManualClock(1_700_000_000_000);
      await check({
        leases: createLeaseStore({ redis: withManualTime(manager, clock) }),
        advance: (ms) => clock.advance(ms),
      });
    });
  }

  test('messages reach a subscriber whichever node it is connected to', async () => {
    const heard: string[] = [];
    const leave = await manager.subscribe('news', (message) => heard.push(message));
    await manager.publish('news', '1');
    await expect.poll(() => heard).toEqual(['1']);
    await leave();
    expect(await manager.health()).toMatchObject({ healthy: true });
  });
});
