import type { Clock } from '@naru/core';
import type { Redis } from 'ioredis';
import type { BreakerRedis } from '../redis/breaker-redis.js';
import { createRedisBreakerStore } from '../redis/redis-breaker-store.js';
import type { BreakerStore } from '../stores/breaker-store.js';
import { MemoryBreakerStore } from '../stores/memory-breaker-store.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import type { StoreUnderTest } from './store-commands.js';

const begin = 1_700_000_000_000;

/** Time that stands still, with a wall clock that can be set. */
function createSteppedClock(): Clock & { elapsed: number; offset: number } {
  return {
    elapsed: 0,
    offset: 0,
    now() {
      return begin + this.elapsed + this.offset;
    },
    monotonic() {
      return this.elapsed;
    },
    schedule: () => () => {},
  };
}

export function memoryUnderTest(): StoreUnderTest {
  const clock = createSteppedClock();
  let store: BreakerStore = new MemoryBreakerStore({ clock });
  return {
    get store() {
      return store;
    },
    now: () => clock.elapsed,
    advance(ms) {
      clock.elapsed += ms;
    },
    stepWallClock(ms) {
      clock.offset += ms;
    },
    async lose() {
      store = new MemoryBreakerStore({ clock });
    },
  };
}

/** Deadlines in Redis follow its wall clock, so its time is the one that is stepped. */
export async function redisUnderTest(redis: BreakerRedis, direct: Redis): Promise<StoreUnderTest> {
  await direct.flushdb();
  const clock = createSteppedClock();
  return {
    store: createRedisBreakerStore({ redis: withManualTime(redis, clock) }),
    now: () => clock.now(),
    advance(ms) {
      clock.elapsed += ms;
    },
    stepWallClock(ms) {
      clock.offset += ms;
    },
    async lose() {
      await direct.flushdb();
    },
  };
}
