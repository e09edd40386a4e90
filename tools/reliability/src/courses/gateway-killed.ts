import { alwaysPromised, type Course } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** What may be under way in a process that dies: what it gathers, queues and awaits, at the course's rate. */
const inFlightSeconds = 2;

/** The gateway that holds most streams dies as in a power cut; the others take over; it comes back. */
export const gatewayKilled: Course = {
  name: 'gateway-killed',
  fault: 'one of three gateways killed (−9) under load',
  promises: (figures) => {
    const { outcome, framesPerSecond, rounds, recoveryMs } = figures;
    const most = framesPerSecond * inFlightSeconds * rounds;
    const slow = recoveryMs.filter((ms) => ms > 15_000).length;
    return [
      ...alwaysPromised(figures),
      ...(outcome.lost > most ? [`${outcome.lost} records are lost, more than can have been under way`] : []),
      ...(slow > 0 ? [`${slow} recoveries took longer than 15 s`] : []),
    ];
  },
  async run({ servers, rounds, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const leaseMs = short ? 2_000 : 10_000;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'gateway-killed',
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
      const victim = await rig.busiest();
      await victim.kill();
      rig.forget(victim);
      const newcomer = round < rounds ? rig.addMember() : undefined;
      // Its failure is met below, when it is awaited.
      newcomer?.catch(() => {});
      recoveryMs.push(await rig.flowsAgain(60));
      say(`round ${round}: every stream flows again ${Math.round(recoveryMs.at(-1) ?? 0)} ms after the kill`);
      await newcomer;
    }
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds,
      recoveryMs,
      from: 'the kill',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
      notes: [
        `leases of ${leaseMs / 1_000} s`,
        'commands of the partitions that the dead one read wait for Kafka to notice, up to 30 s; streams do not',
      ],
    };
  },
};
