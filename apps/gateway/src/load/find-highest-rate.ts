import type { LoadWindow } from './load-window.js';

/** Where the search begins, how it grows, and how exactly it ends. */
const firstRate = 5_000;
const growth = 1.6;
const exactness = 0.04;
const mostSteps = 16;

/**
 * Grows the rate until it is not sustained, then halves the interval. Resolves to every step; the highest sustained one
 * is the answer.
 */
export async function findHighestRate(
  measure: (rate: number) => Promise<LoadWindow>,
  mostRate: number,
): Promise<readonly LoadWindow[]> {
  const steps: LoadWindow[] = [];
  let sustained = 0;
  let failed = Number.POSITIVE_INFINITY;
  let rate = firstRate;
  while (steps.length < mostSteps) {
    const step = await measure(rate);
    steps.push(step);
    if (step.problems.length === 0) sustained = rate;
    else failed = rate;
    if (sustained === mostRate || failed - sustained <= Math.max(100, exactness * sustained)) break;
    rate = Math.round(
      failed === Number.POSITIVE_INFINITY ? Math.min(mostRate, sustained * growth) : (sustained + failed) / 2,
    );
  }
  return steps;
}

/** The highest rate that was sustained; undefined when none was. */
export function highestSustained(steps: readonly LoadWindow[]): LoadWindow | undefined {
  const sustained = steps.filter(({ problems }) => problems.length === 0);
  return sustained.sort((a, b) => b.rate - a.rate)[0];
}
