import { alwaysPromised, type Course } from '../course.js';
import { Rig } from '../rig.js';
import { temporaryFolder } from '../temporary-folder.js';
import { forSeconds } from '../wait.js';

/** Kafka is away until memory and the spool on disk are full: what then has no room is dropped, and counted. */
export const spoolFull: Course = {
  name: 'spool-full',
  fault: 'Kafka away until a spool of 2 MiB and a memory of 2 MiB are full',
  promises: (figures) => {
    const { lost, dropped } = figures.outcome;
    return [
      ...alwaysPromised(figures),
      ...(dropped === 0 ? ['nothing was dropped: the spool was never full'] : []),
      ...(lost !== dropped ? [`${lost} records are lost and ${dropped} were counted`] : []),
    ];
  },
  async run({ servers, short, say }) {
    const framesPerSecond = short ? 4_000 : 5_000;
    const begin = performance.now();
    await using spool = await temporaryFolder('naru-spool-');
    await using rig = await Rig.start(servers, {
      name: 'spool-full',
      exchanges: ['upbit', 'binance', 'okx'],
      markets: 4,
      gateways: 1,
      spool: spool.path,
      env: { NARU_SPOOL_BYTES: String(2 * 1024 * 1024), NARU_MEMORY_BYTES: String(2 * 1024 * 1024) },
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    await servers.broker.kill();
    await rig.drops(180);
    await forSeconds(short ? 1 : 10);
    await servers.broker.restart();
    const recovery = await rig.flowsAgain(120);
    say(`was full and flows again ${Math.round(recovery)} ms after Kafka takes connections`);
    await rig.settle(300);
    return {
      outcome: await rig.outcome(),
      rounds: 1,
      recoveryMs: [recovery],
      from: 'Kafka takes connections',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
    };
  },
};
