import type { Clock } from '@naru/core';
import type { RedisConnectionManager } from '../connections/redis-connection-manager.js';
import { createLeaseStore } from '../leases/create-lease-store.js';
import type { LeaseStore } from '../leases/lease-store.js';
import { withManualTime } from '../testing/manual-redis-time.js';
import type { LeasesUnderTest } from './lease-commands.js';

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

export function memoryUnderTest(): LeasesUnderTest {
  const clock = createSteppedClock();
  let leases: LeaseStore = createLeaseStore({ clock });
  return {
    get leases() {
      return leases;
    },
    now: () => clock.elapsed,
    advance(ms) {
      clock.elapsed += ms;
    },
    stepWallClock(ms) {
      clock.offset = ms;
    },
    async lose() {
      leases = createLeaseStore({ clock });
    },
  };
}

/** Deadlines in Redis follow its wall clock, so its time is the one that is stepped. */
export async function redisUnderTest(manager: RedisConnectionManager): Promise<LeasesUnderTest> {
  await manager.client.flushdb();
  const clock = createSteppedClock();
  return {
    leases: createLeaseStore({ redis: withManualTime(manager, clock) }),
    now: () => clock.now(),
    advance(ms) {
      clock.elapsed += ms;
    },
    stepWallClock(ms) {
      clock.offset = ms;
    },
    async lose() {
      await manager.client.flushdb();
    },
  };
}
