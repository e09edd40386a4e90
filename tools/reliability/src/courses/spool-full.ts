import { type Course, countsWhatItDrops } from '../course.js';
import { forSeconds } from '../wait.js';
import { alone } from './rigs.js';

const mebibytes = (count: number): string => String(count * 1024 * 1024);

/** Kafka is away until memory and the spool on disk are full: what then has no room is dropped, and counted. */
export const spoolFull: Course = {
  name: 'spool-full',
  fault: 'Kafka away until a spool of 2 MiB and a memory of 2 MiB are full',
  from: 'Kafka takes connections',
  framesPerSecond: { whole: 5_000, short: 4_000 },
  settleSeconds: 300,
  rig: () => alone({ spool: {}, env: { NARU_SPOOL_BYTES: mebibytes(2), NARU_MEMORY_BYTES: mebibytes(2) } }),
  async round({ servers, rig, short, recovers }) {
    await servers.broker.kill();
    await rig.drops(180);
    await forSeconds(short ? 1 : 10);
    await servers.broker.restart();
    await recovers(120);
  },
  promises: countsWhatItDrops,
};
