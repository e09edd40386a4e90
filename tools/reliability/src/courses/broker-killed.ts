import { type Course, losesNothing } from '../course.js';
import { forSeconds } from '../wait.js';
import { alone, usualRate } from './rigs.js';

/** Kafka dies as in a power cut and comes back, again and again. */
export const brokerKilled: Course = {
  name: 'broker-killed',
  fault: 'Kafka killed (−9) and started again',
  from: 'Kafka takes connections',
  framesPerSecond: usualRate,
  rig: () => alone(),
  async round({ servers, recovers }) {
    await forSeconds(1);
    await servers.broker.kill();
    await forSeconds(1);
    await servers.broker.restart();
    await recovers(90);
  },
  promises: losesNothing,
};
