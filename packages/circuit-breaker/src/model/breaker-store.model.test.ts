import { describeReal, keptInMemory, keptInRedis, redisDatabase } from '@naru/test-services';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { test } from 'vitest';
import { connectBreakerRedis } from '../redis/connect-breaker-redis.js';
import { createRedisBreakerStore } from '../redis/redis-breaker-store.js';
import { MemoryBreakerStore } from '../stores/memory-breaker-store.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import { steps, takeSteps } from './store-commands.js';

const long = process.env.NARU_LONG === '1';

test('the store in memory does what the model does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, (taken) =>
      takeSteps(
        keptInMemory((clock) => new MemoryBreakerStore({ clock })),
        taken,
      ),
    ),
    { numRuns: long ? 20_000 : 500 },
  );
});

describeReal('the model and Redis', ['redis'], () => {
  test('agree', async () => {
    await using redis = await connectBreakerRedis({ url: redisDatabase(13) });
    const direct = new Redis(redisDatabase(13));
    const subject = () =>
      keptInRedis(
        (clock) => createRedisBreakerStore({ redis: withManualTime(redis, clock) }),
        () => direct.flushdb(),
      );
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => takeSteps(await subject(), taken)),
      { numRuns: long ? 5_000 : 100 },
    );
    direct.disconnect();
  });
});
