import type { StreamOrchestrator } from '../orchestration/stream-orchestrator.js';
import { type GivenWay, type GiveWay, leastDifference } from './give-way.js';
import type { Ownership } from './ownership.js';

export interface GivingWayOptions {
  readonly ownership: Pick<Ownership, 'held'>;
  readonly streams: Pick<StreamOrchestrator, 'lastOpened' | 'giveAway'>;
  /** Asked before a stream is given: this member must not take back what it gives. */
  readonly onGiving: () => void;
}

/**
 * Gives the stream that was opened last to a member that has at least two fewer, one at a time: its sockets are closed,
 * its records are on their way, and whoever asked opens it again.
 */
export function createGivingWay(options: GivingWayOptions): (asked: GiveWay) => Promise<GivenWay> {
  const { ownership, streams, onGiving } = options;
  let giving = false;
  return async ({ held }) => {
    const target = streams.lastOpened();
    if (giving || !target || ownership.held - held < leastDifference) return { kind: 'kept' };
    giving = true;
    try {
      onGiving();
      return (await streams.giveAway(target)) ? { kind: 'gave', target } : { kind: 'kept' };
    } finally {
      giving = false;
    }
  };
}
