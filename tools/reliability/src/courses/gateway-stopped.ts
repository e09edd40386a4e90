import { alwaysPromised, type Course } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** The gateway that holds most streams is told to stop; it delivers what it has and hands its streams over. */
export const gatewayStopped: Course = {
  name: 'gateway-stopped',
  fault: 'one of three gateways told to stop (SIGTERM) under load',
  promises: (figures) => {
    const { outcome, framesPerSecond, rounds } = figures;
    // A frame that an exchange wrote while the socket was closing arrives nowhere.
    const most = framesPerSecond * rounds;
    return [
      ...alwaysPromised(figures),
      ...(outcome.dropped > 0 ? [`${outcome.dropped} records were dropped`] : []),
      ...(outcome.lost > most ? [`${outcome.lost} records are lost, more than closing sockets explain`] : []),
    ];
  },
  async run({ servers, rounds, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'gateway-stopped',
      exchanges: ['upbit', 'binance', 'okx', 'bybit', 'bithumb'],
      markets: 3,
      gateways: short ? 2 : 3,
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    const recoveryMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await forSeconds(1);
      const victim = await rig.busiest();
      const stopped = victim.stop();
      // Its accounts end with it; those of the others have to grow for every stream.
      rig.forget(victim);
      const newcomer = round < rounds ? rig.addMember() : undefined;
      // Its failure is met below, when it is awaited.
      newcomer?.catch(() => {});
      recoveryMs.push(await rig.flowsAgain(60));
      const code = await stopped;
      if (code !== 0) throw new Error(`${victim.name} ended with ${code} instead of 0:\n${victim.lastLines}`);
      say(`round ${round}: handed over in ${Math.round(recoveryMs.at(-1) ?? 0)} ms, exit code 0`);
      await newcomer;
    }
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds,
      recoveryMs,
      from: 'SIGTERM',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
    };
  },
};
