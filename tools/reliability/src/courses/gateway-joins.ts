import { type Course, type Flight, losesInClosingSockets } from '../course.js';
import type { Rig } from '../rig.js';
import { forSeconds, until } from '../wait.js';
import { fleet, usualRate } from './rigs.js';

/** A gateway joins and takes its share of the streams; in between it is told to stop, and hands them back. */
export const gatewayJoins: Course = {
  name: 'gateway-joins',
  fault: 'a second gateway joins and takes its share of the streams (`NARU_SHARE_EVERY_MS=1000`)',
  from: 'the last move',
  framesPerSecond: usualRate,
  rig: (short) => fleet(short, { gateways: 1, env: { NARU_SHARE_EVERY_MS: '1000' } }),
  async round(flight: Flight) {
    const { rig, isLast } = flight;
    await forSeconds(1);
    const newcomer = await rig.addMember();
    const tookMs = await until('a fair share of the streams', 60, async () => isShared(await rig.held()));
    flight.say(`the streams are shared ${Math.round(tookMs)} ms after the newcomer answered`);
    await flight.recovers(60);
    if (isLast) return;
    const code = await newcomer.stop();
    if (code !== 0) throw new Error(`${newcomer.name} ended with ${code} instead of 0:\n${newcomer.lastLines}`);
    rig.forget(newcomer);
    await rig.flowsAgain(60);
  },
  promises: losesInClosingSockets,
};

/** Whether each member has its streams, and none two more than another. */
function isShared(held: Awaited<ReturnType<Rig['held']>>): boolean {
  const counts = held.map(({ streams }) => streams);
  return Math.max(...counts) - Math.min(...counts) < 2;
}
