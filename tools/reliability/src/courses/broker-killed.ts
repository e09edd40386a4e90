import { type Course, losesNothing } from '../course.js';
import { Rig } from '../rig.js';
import { forSeconds } from '../wait.js';

/** Kafka dies as in a power cut and comes back, again and again. */
export const brokerKilled: Course = {
  name: 'broker-killed',
  fault: 'Kafka killed (−9) and started again',
  promises: losesNothing,
  async run({ servers, rounds, short, say }) {
    const framesPerSecond = short ? 500 : 2_000;
    const begin = performance.now();
    await using rig = await Rig.start(servers, {
      name: 'broker-killed',
      exchanges: ['upbit', 'binance', 'okx'],
      markets: 4,
      gateways: 1,
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    const recoveryMs: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await forSeconds(1);
      await servers.broker.kill();
      await forSeconds(1);
      await servers.broker.restart();
      recoveryMs.push(await rig.flowsAgain(90));
      say(`round ${round}: flows again ${Math.round(recoveryMs.at(-1) ?? 0)} ms after Kafka takes connections`);
    }
    await rig.settle();
    return {
      outcome: await rig.outcome(),
      rounds,
      recoveryMs,
      from: 'Kafka takes connections',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
    };
  },
};
