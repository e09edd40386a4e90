import { createManualClock } from '@naru/core/testing';
import {
  describeRedisServer,
  type RedisServer,
  settlesWithin,
  startRedisCluster,
  startRedisServer,
} from '@naru/test-services';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { consecutiveFailures } from '../detectors/consecutive-failures.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from '../policy/shared-circuit-policy.js';
import { breakerStoreContract } from '../testing/breaker-store-contract.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import { connectBreakerRedis, type OwnBreakerRedis } from './connect-breaker-redis.js';
import { createRedisBreakerStore } from './redis-breaker-store.js';

const broken = new Error('the exchange is down');
const fails = (): never => {
  throw broken;
};
const works = (): string => 'ok';
const commandTimeoutMs = 300;

describeRedisServer('breakers when their Redis', () => {
  let server: RedisServer;
  let connections: OwnBreakerRedis[];
  let breakers: SharedCircuitPolicy[];

  /** A breaker with connections of its own, as another process would have. */
  async function join(openMs = 60_000): Promise<SharedCircuitPolicy> {
    const redis = await connectBreakerRedis({ url: server.url, commandTimeoutMs });
    connections.push(redis);
    return await joinOver(redis, openMs);
  }
  async function joinOver(redis: OwnBreakerRedis, openMs = 60_000): Promise<SharedCircuitPolicy> {
    const store = createRedisBreakerStore({ redis });
    const detector = consecutiveFailures({ failures: 2 });
    const breaker = createCircuitBreaker({ name: 'x', store, detector, pollMs: 100, rampMs: 0, openMs });
    breakers.push(breaker);
    await breaker.start();
    return breaker;
  }
  const fail = async (breaker: SharedCircuitPolicy): Promise<void> => {
    for (let time = 0; time < 2; time++) await expect(breaker.execute(fails)).rejects.toBe(broken);
  };
  const states = (): string[] => breakers.map(({ state }) => state);
  const whole = { timeout: 15_000 };

  beforeEach(async () => {
    connections = [];
    breakers = [];
    server = await startRedisServer();
  });
  afterEach(async () => {
    server.thaw();
    for (const breaker of breakers) await breaker.close();
    for (const connection of connections) await connection.close();
    await server.stop();
  });

  test('is well: all open with one, by message', async () => {
    const [a] = [await join(), await join()];
    await fail(a);
    await expect.poll(states).toEqual(['open', 'open']);
  });

  test('is stopped: calls go on, the local circuit opens, and everybody learns of it afterwards', async () => {
    const [a, b] = [await join(), await join()];
    const { port } = server;
    await server.stop();
    await expect.poll(() => breakers.map(({ degraded }) => degraded), whole).toEqual([true, true]);
    expect(await b.execute(works)).toBe('ok');
    await fail(a);
    expect(states()).toEqual(['open', 'closed']);
    server = await startRedisServer({ port });
    await expect.poll(() => breakers.map(({ degraded }) => degraded), whole).toEqual([false, false]);
    await expect.poll(states, whole).toEqual(['open', 'open']);
  });

  test('is frozen: no call waits for it', async () => {
    const [a, b] = [await join(), await join()];
    server.freeze();
    // A closed call asks nothing, a failing one does not wait for the vote.
    expect(await a.execute(works)).toBe('ok');
    await fail(a);
    await expect(a.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(await b.execute(works)).toBe('ok');
    await expect.poll(() => breakers.map(({ degraded }) => degraded), whole).toEqual([true, true]);
    await expect(a.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    server.thaw();
    await expect.poll(states, whole).toEqual(['open', 'open']);
    expect(breakers.map(({ degraded }) => degraded)).toEqual([false, false]);
  });

  test('is frozen while the circuit may be probed: the call waits at most the command timeout, then goes on alone', async () => {
    const a = await join(50);
    await fail(a);
    await expect.poll(() => a.retryAfterMs).toBe(0);
    server.freeze();
    expect(await settlesWithin(commandTimeoutMs + 200, () => a.execute(works))).toBe('ok');
    expect(a.degraded).toBe(true);
  });

  test('restarts empty: an open circuit stays open and is stored again', async () => {
    const [a, b] = [await join(), await join()];
    await fail(a);
    await expect.poll(states).toEqual(['open', 'open']);
    await b.forceOpen({ author: 'kim' });
    const { port } = server;
    await server.stop();
    server = await startRedisServer({ port });
    await expect.poll(() => breakers.map(({ degraded }) => degraded), whole).toEqual([false, false]);
    const direct = new Redis(server.url);
    await expect
      .poll(() => direct.hmget('{cb:x}:s', 'state', 'mode', 'author'), whole)
      .toEqual(['open', 'forced-open', 'kim']);
    direct.disconnect();
    expect(states()).toEqual(['open', 'open']);
  });

  test('forgets its scripts: they are sent again', async () => {
    const a = await join();
    const direct = new Redis(server.url);
    await direct.script('FLUSH');
    direct.disconnect();
    await a.forceOpen();
    expect([a.mode, a.degraded]).toEqual(['forced-open', false]);
  });

  test('becomes a replica that takes no writes: the breaker is on its own, and shares again after the promotion', async () => {
    const a = await join();
    const direct = new Redis(server.url);
    await direct.replicaof('127.0.0.1', '1');
    await fail(a);
    await expect.poll(() => a.degraded, whole).toBe(true);
    expect(a.state).toBe('open');
    await direct.replicaof('NO', 'ONE');
    await expect.poll(() => direct.hget('{cb:x}:s', 'state'), whole).toBe('open');
    direct.disconnect();
  });

  test('went away before a breaker started: it begins on its own', async () => {
    const redis = await connectBreakerRedis({ url: server.url, commandTimeoutMs });
    connections.push(redis);
    await server.stop();
    const breaker = await joinOver(redis);
    expect(breaker.degraded).toBe(true);
    expect(await breaker.execute(works)).toBe('ok');
    await fail(breaker);
    expect(breaker.state).toBe('open');
  });

  test('is not there at the start: the reason is told', async () => {
    const { url } = server;
    await server.stop();
    await expect(connectBreakerRedis({ url })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describeRedisServer('breaker store on a Redis Cluster of three', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  let redis: OwnBreakerRedis;
  const everywhere = (work: (node: Redis) => Promise<unknown>): Promise<unknown> =>
    Promise.all(
      cluster.nodes.map(async ({ url }) => {
        const node = new Redis(url);
        await work(node);
        node.disconnect();
      }),
    );

  beforeAll(async () => {
    cluster = await startRedisCluster();
    redis = await connectBreakerRedis({ cluster: cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })) });
  }, 30_000);
  afterAll(async () => {
    await redis?.close();
    await cluster?.stop();
  });
  beforeEach(async () => void (await everywhere((node) => node.flushall())));

  for (const { title, check } of breakerStoreContract) {
    test(title, async () => {
      const clock = createManualClock(1_700_000_000_000);
      const store = createRedisBreakerStore({ redis: withManualTime(redis, clock) });
      await check({ store, advance: (ms) => clock.advance(ms) });
    });
  }

  test('circuits of many names live on all nodes, each whole on one', async () => {
    const store = createRedisBreakerStore({ redis });
    for (let at = 0; at < 60; at++) await store.setMode(`c${at}`, { mode: 'disabled' });
    const sizes: number[] = [];
    await everywhere(async (node) => sizes.push(await node.dbsize()));
    expect(sizes.every((size) => size > 0)).toBe(true);
    const names = new Set<string>();
    for await (const name of store.list()) names.add(name);
    expect(names.size).toBe(60);
  });
});
