import type { Flight } from '../course.js';
import type { Gateway } from '../processes/gateway.js';
import { forSeconds } from '../wait.js';

/**
 * Ends the gateway that holds most streams while another one starts, and waits until every stream flows again.
 *
 * @param begin begins the end of it; what it answers is awaited after the recovery
 */
export async function replaceBusiest(flight: Flight, begin: (gateway: Gateway) => Promise<void>): Promise<void> {
  const { rig, isLast } = flight;
  await forSeconds(1);
  const gateway = await rig.busiest();
  const ended = begin(gateway);
  // Its accounts end with it; those of the others have to grow for every stream.
  rig.forget(gateway);
  const newcomer = isLast ? undefined : rig.addMember();
  // Failures are met below, when they are awaited.
  for (const later of [ended, newcomer]) later?.catch(() => {});
  await flight.recovers(60);
  await ended;
  await newcomer;
}
