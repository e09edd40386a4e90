import { alwaysPromised, type Course } from '../course.js';
import { forSeconds } from '../wait.js';
import { alone, leasesOf, usualRate } from './rigs.js';

const leaseMs = (short: boolean): number => (short ? 1_000 : 10_000);

/** Redis dies, stays away for longer than a lease, and comes back empty. */
export const redisAway: Course = {
  name: 'redis-away',
  fault: 'Redis away for longer than a lease, back empty; streams go on (`NARU_WHEN_REDIS_IS_AWAY=continue`)',
  from: 'two leases after Redis died',
  framesPerSecond: usualRate,
  rig: (short) =>
    alone({
      gateways: short ? 1 : 3,
      env: { ...leasesOf(leaseMs(short)), NARU_WHEN_REDIS_IS_AWAY: 'continue' },
    }),
  async round({ servers, rig, short, recovers }) {
    await servers.redis.kill();
    await forSeconds((leaseMs(short) * 2) / 1_000);
    await recovers(60);
    await servers.redis.restart();
    await forSeconds(short ? 1 : 15);
    await rig.flowsAgain(60);
  },
  promises: (figures) => [
    ...alwaysPromised(figures),
    ...(figures.outcome.lost > 0 ? [`${figures.outcome.lost} records are lost`] : []),
  ],
};
