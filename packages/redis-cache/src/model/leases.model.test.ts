import { describeReal, keptInMemory, keptInRedis, redisDatabase } from '@naru/test-services';
import fc from 'fast-check';
import { test } from 'vitest';
import { createRedisConnectionManager } from '../connections/redis-connection-manager.js';
import { createLeaseStore } from '../leases/create-lease-store.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import { leaseSteps, takeSteps } from './lease-commands.js';

const long = process.env.NARU_LONG === '1';

test('leases in memory do what the model does', async () => {
  await fc.assert(
    fc.asyncProperty(leaseSteps, (taken) =>
      takeSteps(
        keptInMemory((clock) => createLeaseStore({ clock })),
        taken,
      ),
    ),
    { numRuns: long ? 20_000 : 500 },
  );
});

describeReal('the model and leases in Redis', ['redis'], () => {
  test('agree', async () => {
    await using manager = createRedisConnectionManager({ url: redisDatabase(7) });
    await manager.initialize();
    const subject = () =>
      keptInRedis(
        (clock) => createLeaseStore({ redis: withManualTime(manager, clock) }),
        () => manager.client.flushdb(),
      );
    await fc.assert(
      fc.asyncProperty(leaseSteps, async (taken) => takeSteps(await subject(), taken)),
      { numRuns: long ? 5_000 : 100 },
    );
  });
});
