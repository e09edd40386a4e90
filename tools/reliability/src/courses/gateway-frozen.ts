import { alwaysPromised, type Course } from '../course.js';
import { forSeconds } from '../wait.js';
import { fleet, leasesOf, usualRate } from './rigs.js';

const leaseMs = (short: boolean): number => (short ? 2_000 : 10_000);

/** A gateway is suspended for longer than its leases, others take over, and it wakes up. */
export const gatewayFrozen: Course = {
  name: 'gateway-frozen',
  fault: 'one of three gateways suspended (SIGSTOP) for longer than a lease',
  from: 'SIGSTOP',
  framesPerSecond: usualRate,
  rig: (short) => fleet(short, { env: leasesOf(leaseMs(short)) }),
  async round({ rig, short, recovers, note }) {
    const leaseSeconds = leaseMs(short) / 1_000;
    note(`leases of ${leaseSeconds} s; what the sleeper had received and delivers on waking may come twice`);
    await forSeconds(1);
    const sleeper = await rig.busiest();
    sleeper.freeze();
    await recovers(60);
    await forSeconds(leaseSeconds);
    sleeper.thaw();
    await forSeconds(short ? 2 : 10);
    await rig.flowsAgain(60);
  },
  promises: alwaysPromised,
};
