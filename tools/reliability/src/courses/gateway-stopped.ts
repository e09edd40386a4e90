import { type Course, losesInClosingSockets } from '../course.js';
import { replaceBusiest } from './replace-busiest.js';
import { fleet, usualRate } from './rigs.js';

/** The gateway that holds most streams is told to stop; it delivers what it has and hands its streams over. */
export const gatewayStopped: Course = {
  name: 'gateway-stopped',
  fault: 'one of three gateways told to stop (SIGTERM) under load',
  from: 'SIGTERM',
  framesPerSecond: usualRate,
  rig: (short) => fleet(short),
  round: (flight) =>
    replaceBusiest(flight, async (gateway) => {
      const code = await gateway.stop();
      if (code !== 0) throw new Error(`${gateway.name} ended with ${code} instead of 0:\n${gateway.lastLines}`);
    }),
  promises: losesInClosingSockets,
};
