import { settlesWithin } from '@naru/test-services';

const patienceMs = 30_000;

/**
 * Plays cases one after the other, all of them, whatever comes of one: what they did together can be looked at
 * afterwards, in any order.
 */
export async function playInTurn(cases: readonly (() => Promise<void>)[]): Promise<PromiseSettledResult<void>[]> {
  const outcomes: PromiseSettledResult<void>[] = [];
  for (const play of cases) outcomes.push(...(await Promise.allSettled([settlesWithin(patienceMs, play)])));
  return outcomes;
}

/** Fails where the case did, and for its reason. */
export function expectPlayed(outcome: PromiseSettledResult<void> | undefined): void {
  if (outcome?.status === 'fulfilled') return;
  throw outcome?.reason ?? new Error('the case was not played');
}
