import type { RequestContext } from '../request-context.js';
import type { FetchResponse } from './fetch.js';
import type { FetchPlan } from './fetch-plan.js';

/**
 * Waits until a fetch has enough or its time is over. Looking and registering happen in one turn of the event loop, so
 * that no append can fall in between; several appends in one turn are looked at once.
 */
export function waitForRecords(plan: FetchPlan, maxWaitMs: number, context: RequestContext): Promise<FetchResponse> {
  return new Promise((resolve) => {
    const undo: (() => void)[] = [];
    let isDone = false;
    let isLookingSoon = false;
    const finish = (): void => {
      if (isDone) return;
      isDone = true;
      for (const each of undo) each();
      resolve(plan.answer());
    };
    const look = (): void => {
      isLookingSoon = false;
      if (!isDone && plan.isReady()) finish();
    };
    const onChange = (): void => {
      if (isLookingSoon || isDone) return;
      isLookingSoon = true;
      queueMicrotask(look);
    };
    undo.push(context.cluster.clock.schedule(maxWaitMs, finish), context.onDisconnect(finish));
    for (const partition of plan.partitions()) undo.push(partition.onChange(onChange));
  });
}
