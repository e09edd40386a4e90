import {
  describeRedisServer,
  type RedisServer,
  type RedisWithStandby,
  redisWithStandby,
  settlesWithin,
} from '@naru/test-services';
import { Redis } from 'ioredis';
import { afterEach, describe, expect, test } from 'vitest';
import { CircuitRejection } from '../circuit-breaker-error.js';
import { consecutiveFailures } from '../detectors/consecutive-failures.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from '../policy/shared-circuit-policy.js';
import { connectBreakerRedis, type OwnBreakerRedis } from './connect-breaker-redis.js';
import { createRedisBreakerStore } from './redis-breaker-store.js';

const commandTimeoutMs = 300;
const whole = { timeout: 25_000 };
const broken = new Error('the exchange is down');

describeRedisServer('breakers whose master is replaced', () => {
  let deployment: RedisWithStandby | undefined;
  let connections: OwnBreakerRedis[] = [];
  let breakers: SharedCircuitPolicy[] = [];

  async function join({ connection }: RedisWithStandby): Promise<SharedCircuitPolicy> {
    const redis = await connectBreakerRedis({ ...connection, commandTimeoutMs, connectTimeoutMs: 20_000 });
    connections.push(redis);
    const store = createRedisBreakerStore({ redis });
    const detector = consecutiveFailures({ failures: 2 });
    const breaker = createCircuitBreaker({ name: 'x', store, detector, pollMs: 100, rampMs: 0, openMs: 60_000 });
    breakers.push(breaker);
    await breaker.start();
    return breaker;
  }
  /** A call is made or refused, but never waits for Redis longer than a command may. */
  const call = (breaker: SharedCircuitPolicy): Promise<string> =>
    settlesWithin(commandTimeoutMs + 200, () => breaker.execute(() => 'made')).catch((error: unknown) => {
      if (error instanceof CircuitRejection) return error.code;
      throw error;
    });
  const degraded = (): boolean[] => breakers.map((breaker) => breaker.degraded);

  afterEach(async () => {
    for (const breaker of breakers) await breaker.close();
    for (const connection of connections) await connection.close();
    connections = [];
    breakers = [];
    await deployment?.stop();
    deployment = undefined;
  });

  for (const [where, deploy] of Object.entries(redisWithStandby)) {
    describe(where, () => {
      test.each([
        ['is killed', (master: RedisServer) => master.stop()],
        ['freezes', async (master: RedisServer) => master.freeze()],
      ])(
        'that %s: what is stored stays, calls do not wait, and all share again',
        async (_how, breakDown) => {
          deployment = await deploy('{cb:x}:s');
          const [a, b] = [await join(deployment), await join(deployment)];
          for (let time = 0; time < 2; time++)
            await expect(a.execute(() => Promise.reject(broken))).rejects.toBe(broken);
          await expect.poll(() => breakers.map(({ state }) => state)).toEqual(['open', 'open']);
          const standby = new Redis(deployment.standby.url, { readOnly: true });
          await expect.poll(() => standby.hget('{cb:x}:s', 'state')).toBe('open');

          await breakDown(deployment.master);
          const seen = new Set<string>();
          const outage = async (): Promise<boolean[]> => {
            for (const breaker of breakers) seen.add(await call(breaker));
            return degraded();
          };
          await expect.poll(outage, whole).toEqual([true, true]);
          await expect.poll(outage, whole).toEqual([false, false]);
          expect([...seen]).toEqual(['circuit_open']);

          expect((await standby.role())[0]).toBe('master');
          // Sentinels name the new master before they say that they do, and whoever was quicker connects once more.
          const forceClose = (): Promise<string> => a.forceClose({ author: 'kim' }).then(({ mode }) => mode, String);
          await expect.poll(forceClose, whole).toBe('forced-closed');
          expect(await call(a)).toBe('made');
          await expect.poll(() => call(b), whole).toBe('made');
          expect(await standby.hmget('{cb:x}:s', 'mode', 'author')).toEqual(['forced-closed', 'kim']);
          standby.disconnect();
        },
        60_000,
      );
    });
  }

  test('sentinels that do not answer are an error at the start, not a wait without end', async () => {
    const sentinel = { addresses: [{ host: '127.0.0.1', port: 1 }], master: 'naru' };
    await expect(connectBreakerRedis({ sentinel, connectTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('127.0.0.1:1'),
    });
  });
});
