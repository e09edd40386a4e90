import { type Clock, type Logger, type Target, targetKey } from '@naru/core';
import type { MemberRequests } from '@naru/redis-cache';
import { type GiveWay, leastDifference, readGivenWay } from './give-way.js';
import type { Ownership } from './ownership.js';
import type { StoreWatch } from './store-watch.js';

export interface FairShareOptions {
  readonly ownership: Pick<Ownership, 'member' | 'held' | 'countByMember'>;
  readonly requests: Pick<MemberRequests, 'ask'>;
  readonly watch: StoreWatch;
  /** Opens a stream that another member gave away. */
  readonly resume: (target: Target) => void;
  /** How often this member compares itself with the others, ms, half of it drawn. */
  readonly everyMs: number;
  /** How long a member may take to give a stream away, in ms. */
  readonly answerTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
}

/**
 * Lets a member that has fewer streams than another ask it for one, time and again, so that whoever joins a fleet gets
 * its share. Whoever has too little asks, since those who have too much do not know who is there. The answer ends it.
 */
export function startFairShare(options: FairShareOptions): () => void {
  const { ownership, requests, watch, resume, everyMs, answerTimeoutMs, clock, logger, random } = options;
  let stopped = false;
  let cancel: () => void = () => {};

  const compare = async (): Promise<void> => {
    const held = ownership.held;
    const richest = richestBut(ownership.member, await ownership.countByMember());
    if (stopped || !richest || richest.streams - held < leastDifference) return;
    try {
      const question: GiveWay = { kind: 'give_way', held };
      const target = readGivenWay(await requests.ask(richest.member, question, { timeoutMs: answerTimeoutMs }));
      if (!target || stopped) return;
      logger.info('a stream comes from a member that has more', { from: richest.member, target: targetKey(target) });
      resume(target);
    } catch (error) {
      // It may have ended, or be of a version that gives nothing away.
      logger.debug('a member gave no stream away', { asked: richest.member, error });
    }
  };

  const goOn = (): void => {
    if (stopped) return;
    cancel = clock.schedule(everyMs * (0.75 + random() / 2), () => {
      const compared = watch.away ? Promise.resolve() : compare();
      void compared.catch((error: unknown) => watch.failed(error)).then(goOn);
    });
  };
  goOn();

  return () => {
    stopped = true;
    cancel();
  };
}

function richestBut(
  self: string,
  counts: ReadonlyMap<string, number>,
): { readonly member: string; readonly streams: number } | undefined {
  const others = [...counts].filter(([member]) => member !== self).sort(([, a], [, b]) => b - a);
  const [first] = others;
  return first && { member: first[0], streams: first[1] };
}
