import { type Course, losesNothing } from '../course.js';
import { Rig } from '../rig.js';
import { temporaryFolder } from '../temporary-folder.js';
import { forSeconds } from '../wait.js';

/** Kafka is away for minutes while the exchanges go on. */
export const kafkaAway: Course = {
  name: 'kafka-away',
  fault: 'Kafka away for three minutes at 5,000 ticks/s, with a spool',
  promises: losesNothing,
  async run({ servers, short, say }) {
    const framesPerSecond = short ? 500 : 5_000;
    const awaySeconds = short ? 4 : 180;
    const begin = performance.now();
    await using spool = await temporaryFolder('naru-spool-');
    await using rig = await Rig.start(servers, {
      spool: spool.path,
      name: 'kafka-away',
      exchanges: ['upbit', 'binance', 'okx'],
      markets: 4,
      gateways: 1,
    });
    await rig.simulator.setRate(framesPerSecond);
    await rig.flowsAgain(30);
    await forSeconds(short ? 1 : 5);
    await servers.broker.kill();
    await forSeconds(awaySeconds);
    const [gateway] = rig.gateways;
    const away = (await gateway?.streams())?.totals;
    await servers.broker.restart();
    const recovery = await rig.flowsAgain(120);
    say(`flows again ${Math.round(recovery)} ms after Kafka takes connections`);
    await forSeconds(short ? 1 : 5);
    await rig.settle(300);
    return {
      outcome: await rig.outcome(),
      rounds: 1,
      recoveryMs: [recovery],
      from: 'Kafka takes connections',
      framesPerSecond,
      seconds: (performance.now() - begin) / 1_000,
      notes: [`at the end of ${awaySeconds} s without Kafka ${away?.buffered ?? '?'} records were kept`],
    };
  },
};
