import { LateError, settlesWithin } from './settles-within.js';

/** After so many cases of which nothing came, nothing is expected of the others either. */
const lateAtMost = 3;

/**
 * Plays cases one after the other, whatever comes of one. For steps that build on each other, or that one costly set-up
 * goes through: played in `beforeAll`, they leave tests that look at the outcomes in any order.
 *
 * @param patienceMs how long one case may take, milliseconds; then its outcome is a `LateError`
 * @returns the outcomes, in the order of the cases; after three late ones the rest is not played and has none
 */
export async function playInTurn(
  cases: readonly (() => Promise<void>)[],
  patienceMs = 30_000,
): Promise<PromiseSettledResult<void>[]> {
  const outcomes: PromiseSettledResult<void>[] = [];
  const isLate = (outcome: PromiseSettledResult<void>) =>
    outcome.status === 'rejected' && outcome.reason instanceof LateError;
  for (const play of cases) {
    if (outcomes.filter(isLate).length === lateAtMost) break;
    outcomes.push(...(await Promise.allSettled([settlesWithin(patienceMs, play)])));
  }
  return outcomes;
}

/** Fails where the case did, and for its reason. */
export function expectPlayed(outcome: PromiseSettledResult<void> | undefined): void {
  if (outcome?.status === 'fulfilled') return;
  throw outcome?.reason ?? new Error('The case was not played: nothing had come of too many before it.');
}
