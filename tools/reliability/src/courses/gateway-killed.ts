import { alwaysPromised, type Course } from '../course.js';
import { replaceBusiest } from './replace-busiest.js';
import { fleet, leasesOf, usualRate } from './rigs.js';

/** What may be under way in a process that dies: what it gathers, queues and awaits, at the course's rate. */
const inFlightSeconds = 2;

const leaseMs = (short: boolean): number => (short ? 2_000 : 10_000);

/** The gateway that holds most streams dies as in a power cut; the others take over; it comes back. */
export const gatewayKilled: Course = {
  name: 'gateway-killed',
  fault: 'one of three gateways killed (−9) under load',
  from: 'the kill',
  framesPerSecond: usualRate,
  rig: (short) => fleet(short, { env: leasesOf(leaseMs(short)) }),
  async round(flight) {
    flight.note(`leases of ${leaseMs(flight.short) / 1_000} s`);
    flight.note(
      'commands of the partitions that the dead one read go on when its session ends, after 10 s, and the group has joined again',
    );
    await replaceBusiest(flight, (gateway) => gateway.kill());
  },
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
};
