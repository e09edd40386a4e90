import { createManualClock } from '@naru/core/testing';
import { describeReal, redisDatabase } from '@naru/test-services';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createRedisConnectionManager, type RedisConnectionManager } from '../connections/redis-connection-manager.js';
import { connectionCacheContract } from '../testing/connection-cache-contract.js';
import { createMemoryConnectionCache, WebsocketConnectionCache } from './websocket-connection-cache.js';

describe('connection cache in memory', () => {
  for (const { title, check } of connectionCacheContract) {
    test(title, async () => {
      const clock = createManualClock(1_700_000_000_000);
      const cache = createMemoryConnectionCache({ clock, ttlSeconds: 60 });
      await check({ cache, ttlMs: 60_000, passTtl: () => clock.advance(60_000) });
    });
  }
});

describeReal('connection cache in Redis', ['redis'], () => {
  let manager: RedisConnectionManager;
  const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };
  const keys = ['ws:connection:upbit:korea:ticker', 'ws:connection:upbit:korea:ticker:symbols'];

  beforeAll(async () => {
    manager = createRedisConnectionManager({ url: redisDatabase(9) });
    await manager.initialize();
  });
  afterAll(() => manager.close());
  beforeEach(async () => void (await manager.client.flushdb()));

  for (const { title, check } of connectionCacheContract) {
    test(title, async () => {
      await check({
        cache: new WebsocketConnectionCache(manager, { ttlSeconds: 1 }),
        ttlMs: 1_000,
        passTtl: () => expect.poll(() => manager.client.exists(...keys), { timeout: 5_000 }).toBe(0),
      });
    });
  }

  test('uses the documented keys and fields, hash and set with one expiry', async () => {
    const cache = new WebsocketConnectionCache(manager);
    await cache.setConnectionSpec(scope, { url: 'wss://api.upbit.com/websocket/v1', symbols: ['KRW-BTC'] });
    expect(await manager.client.hgetall(keys[0]!)).toMatchObject({
      status: 'connecting',
      exchange: 'upbit',
      region: 'korea',
      request_type: 'ticker',
      url: 'wss://api.upbit.com/websocket/v1',
    });
    expect(await manager.client.smembers(keys[1]!)).toEqual(['KRW-BTC']);
    expect(await manager.client.pexpiretime(keys[0]!)).toBe(await manager.client.pexpiretime(keys[1]!));
  });

  test.each([
    ['a text where the hash should be', async () => manager.client.set(keys[0]!, 'x')],
    ['a list where the symbols should be', async () => manager.client.lpush(keys[1]!, 'x')],
    ['a hash of somebody else', async () => manager.client.hset(keys[0]!, 'status', 'connected')],
    ['symbols without their hash', async () => manager.client.sadd(keys[1]!, 'KRW-BTC')],
  ])('reports %s as damaged and heals by writing again', async (_title, damage) => {
    const cache = new WebsocketConnectionCache(manager);
    await damage();
    await expect(cache.getConnectionSpec(scope)).rejects.toMatchObject({ code: 'damaged_value' });
    expect(await cache.listConnections()).toEqual([]);
    await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols: ['KRW-BTC'] });
    expect(await cache.getConnectionSpec(scope)).toMatchObject({ symbols: ['KRW-BTC'] });
  });

  test.each([
    ['status', 'open'],
    ['created_at', 'yesterday'],
    ['last_active', '-1'],
    ['socket_params', '{'],
    ['socket_params', '3'],
    ['projection', '{'],
    ['projection', '[1]'],
    ['connection_id', ''],
    ['exchange', 'bithumb'],
    ['symbol_count', '2'],
  ])('reports a damaged %s', async (field, value) => {
    const cache = new WebsocketConnectionCache(manager);
    await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols: ['KRW-BTC'] });
    await manager.client.hset(keys[0]!, field, value);
    await expect(cache.getConnectionSpec(scope)).rejects.toMatchObject({ code: 'damaged_value' });
    await manager.client.hset(keys[0]!, field, 'x');
    expect(await cache.removeConnection(scope)).toBe(true);
  });
});
