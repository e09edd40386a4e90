import {
  describeRedisServer,
  type RedisServer,
  redisWithStandby,
  settlesWithin,
  startRedisServer,
} from '@naru/test-services';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { WebsocketConnectionCache } from '../cache/websocket-connection-cache.js';
import { createLeaseStore } from '../leases/create-lease-store.js';
import type { RedisConnectionOptions } from './options.js';
import { createRedisConnectionManager, type RedisConnectionManager } from './redis-connection-manager.js';

const commandTimeoutMs = 300;
const whole = { timeout: 25_000 };
const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };

let manager: RedisConnectionManager;
let stop: () => Promise<void>;

async function connect(connection: RedisConnectionOptions): Promise<void> {
  manager = createRedisConnectionManager({
    ...connection,
    commandTimeoutMs,
    connectTimeoutMs: 500,
    initializeTimeoutMs: 20_000,
    reconnectMs: { max: 200 },
  });
  await manager.initialize();
}

/** What came of a write: `written`, or the code of its error. It never waits longer than a command may. */
async function update(cache: WebsocketConnectionCache): Promise<string> {
  try {
    await settlesWithin(commandTimeoutMs + 200, () => cache.updateState(scope, { status: 'connected' }));
    return 'written';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describeRedisServer('when the master is replaced', () => {
  afterEach(async () => {
    await manager.close();
    await stop();
  });

  for (const [where, deploy] of Object.entries(redisWithStandby)) {
    describe(where, () => {
      test.each([
        ['it was killed', (master: RedisServer) => master.stop()],
        ['it froze', async (master: RedisServer) => master.freeze()],
      ])(
        'because %s: commands fail in time, then find the new one and what was stored',
        async (_why, breakDown) => {
          const deployment = await deploy('ws:connection:{upbit:korea:ticker}');
          stop = () => deployment.stop();
          await connect(deployment.connection);
          const key = `ws:connection:${manager.cluster ? '{upbit:korea:ticker}' : 'upbit:korea:ticker'}`;
          const cache = new WebsocketConnectionCache(manager);
          await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols: ['KRW-BTC'] });
          const leases = createLeaseStore({ redis: manager });
          const heard: string[] = [];
          await manager.subscribe('news', (message) => heard.push(message));
          const standby = new Redis(deployment.standby.url, { readOnly: true });
          await expect.poll(() => standby.scard(`${key}:symbols`)).toBe(1);

          await breakDown(deployment.master);
          const seen = new Set<string>();
          const outage = async (): Promise<string> => {
            const outcome = await update(cache);
            seen.add(outcome);
            return outcome;
          };
          await expect.poll(outage, whole).not.toBe('written');
          await expect.poll(outage, whole).toBe('written');
          expect([...seen].filter((outcome) => !['written', 'unavailable', 'timeout'].includes(outcome))).toEqual([]);

          expect((await standby.role())[0]).toBe('master');
          expect(await standby.hget(key, 'status')).toBe('connected');
          // Sentinels name the new master before they say that they do, and whoever was quicker connects once more.
          const later = <T>(work: () => Promise<T>) => expect.poll(() => work().catch(() => 'away'), whole);
          await later(() => cache.getConnectionSpec(scope)).toMatchObject({ symbols: ['KRW-BTC'] });
          await later(() => leases.acquire(scope, 'a', 10_000)).toMatchObject({ acquired: true });
          await later(() => manager.publish('news', 'again').then(() => heard.includes('again'))).toBe(true);
          await later(() => manager.health()).toMatchObject({ healthy: true });
          standby.disconnect();
        },
        60_000,
      );
    });
  }
});

describeRedisServer('when Redis was restarted empty', () => {
  let server: RedisServer;

  afterEach(async () => {
    await manager.close();
    await server.stop();
  });

  test('entries are gone, leases are free under larger tokens, and older tokens are worth nothing', async () => {
    server = await startRedisServer();
    await connect({ url: server.url });
    const cache = new WebsocketConnectionCache(manager);
    const leases = createLeaseStore({ redis: manager });
    const before = await leases.acquire(scope, 'a', 60_000);
    await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols: ['KRW-BTC'] }, { token: before.token });
    expect(await leases.acquire(scope, 'b', 60_000)).toMatchObject({ acquired: false, owner: 'a' });

    const { port } = server;
    await server.stop();
    await expect.poll(() => update(cache), whole).toBe('unavailable');
    server = await startRedisServer({ port });
    await expect.poll(() => update(cache), whole).toBe('not_found');

    expect(await cache.getConnectionSpec(scope)).toBeUndefined();
    expect(await leases.renew(scope, before.token, 60_000)).toBe(false);
    const after = await leases.acquire(scope, 'b', 60_000);
    expect(after.acquired).toBe(true);
    expect(after.token).toBeGreaterThan(before.token);
    await cache.setConnectionSpec(scope, { url: 'wss://h/', symbols: ['KRW-ETH'] }, { token: after.token });
    await expect(cache.updateState(scope, {}, { token: before.token })).rejects.toMatchObject({ code: 'stale_token' });
    await expect.poll(async () => (await manager.health()).healthy, whole).toBe(true);
  });
});
