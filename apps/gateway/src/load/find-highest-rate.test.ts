import { expect, test } from 'vitest';
import { findHighestRate, highestSustained } from './find-highest-rate.js';
import type { LoadWindow } from './load-window.js';

/** A machine that sustains up to `limit`. */
const upTo =
  (limit: number) =>
  async (rate: number): Promise<LoadWindow> =>
    ({ rate, problems: rate <= limit ? [] : ['too fast'] }) as unknown as LoadWindow;

test.each([700, 5_000, 12_345, 48_000, 61_000, 250_000])('finds a limit of %d within 4 %%', async (limit) => {
  const steps = await findHighestRate(upTo(limit), 1_000_000);
  const { rate } = highestSustained(steps)!;
  expect(rate).toBeLessThanOrEqual(limit);
  expect(rate).toBeGreaterThanOrEqual(Math.min(limit * 0.96, limit - 100));
  expect(steps.length).toBeLessThanOrEqual(16);
});

test('ends at the most that may be asked for', async () => {
  const steps = await findHighestRate(upTo(Number.POSITIVE_INFINITY), 20_000);
  expect(highestSustained(steps)?.rate).toBe(20_000);
});

test('ends when nothing is sustained', async () => {
  const steps = await findHighestRate(upTo(0), 1_000_000);
  expect(highestSustained(steps)).toBeUndefined();
  expect(steps.length).toBeLessThanOrEqual(16);
});
