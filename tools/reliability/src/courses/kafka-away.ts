import { type Course, losesNothing } from '../course.js';
import { forSeconds } from '../wait.js';
import { alone } from './rigs.js';

/** Kafka is away for minutes while the exchanges go on. */
export const kafkaAway: Course = {
  name: 'kafka-away',
  fault: 'Kafka away for three minutes at 5,000 ticks/s, with a spool',
  from: 'Kafka takes connections',
  framesPerSecond: { whole: 5_000, short: 500 },
  settleSeconds: 300,
  rig: () => alone({ spool: {} }),
  async round({ servers, rig, short, recovers, note }) {
    const awaySeconds = short ? 4 : 180;
    await forSeconds(short ? 1 : 5);
    await servers.broker.kill();
    await forSeconds(awaySeconds);
    const away = (await rig.gateways[0]?.streams())?.totals;
    note(`at the end of ${awaySeconds} s without Kafka ${away?.buffered ?? '?'} records were kept`);
    await servers.broker.restart();
    await recovers(120);
    await forSeconds(short ? 1 : 5);
  },
  promises: losesNothing,
};
