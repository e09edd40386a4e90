import { alwaysPromised, type Course } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** A gateway is suspended for longer than its leases, others take over, and it wakes up. */
export const gatewayFrozen: Course = {
  name: 'gateway-frozen',
  fault: 'one of three gateways suspended (SIGSTOP) for longer than a lease',
  promises: alwaysPromised,
  async run({ servers, rounds, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const leaseMs = short ? 2_000 : 10_000;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'gateway-frozen',
      exchanges: ['upbit', 'binance', 'okx', 'bybit', 'bithumb'],
      markets: 3,
      gateways: short ? 2 : 3,
      env: { NARU_LEASE_MS: String(leaseMs) },
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    const recoveryMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await forSeconds(1);
      const sleeper = await rig.busiest();
      sleeper.freeze();
      recoveryMs.push(await rig.flowsAgain(60));
      await forSeconds(leaseMs / 1_000);
      sleeper.thaw();
      await forSeconds(short ? 2 : 10);
      await rig.flowsAgain(60);
      say(`round ${round}: every stream flows again ${Math.round(recoveryMs.at(-1) ?? 0)} ms after SIGSTOP`);
    }
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds,
      recoveryMs,
      from: 'SIGSTOP',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
      notes: [`leases of ${leaseMs / 1_000} s; what the sleeper had received and delivers on waking may come twice`],
    };
  },
};
