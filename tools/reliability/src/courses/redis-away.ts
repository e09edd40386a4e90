import { alwaysPromised, type Course } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** Redis dies, stays away for longer than a lease, and comes back empty. */
export const redisAway: Course = {
  name: 'redis-away',
  fault: 'Redis away for longer than a lease, back empty; streams go on (`NARU_WHEN_REDIS_IS_AWAY=continue`)',
  promises: (figures) => [
    ...alwaysPromised(figures),
    ...(figures.outcome.lost > 0 ? [`${figures.outcome.lost} records are lost`] : []),
  ],
  async run({ servers, rounds, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const leaseMs = short ? 1_000 : 10_000;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'redis-away',
      exchanges: ['upbit', 'binance', 'okx'],
      markets: 4,
      gateways: short ? 1 : 3,
      env: { NARU_LEASE_MS: String(leaseMs), NARU_WHEN_REDIS_IS_AWAY: 'continue' },
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    const recoveryMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await servers.redis.kill();
      await forSeconds((leaseMs * 2) / 1_000);
      recoveryMs.push(await rig.flowsAgain(60));
      await servers.redis.restart();
      await forSeconds(short ? 1 : 15);
      await rig.flowsAgain(60);
      say(`round ${round}: streams went on without Redis, and with it again`);
    }
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds,
      recoveryMs,
      from: 'two leases after Redis died',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
    };
  },
};
