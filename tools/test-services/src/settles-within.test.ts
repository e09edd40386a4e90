import { expect, test } from 'vitest';
import { settlesWithin } from './settles-within.js';

const never = (): Promise<never> => new Promise(() => {});
const after = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(() => resolve('done'), ms));

test('passes on what comes of the work', async () => {
  expect(await settlesWithin(1_000, async () => 7)).toBe(7);
  await expect(settlesWithin(1_000, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

test('fails when nothing comes of it', async () => {
  await expect(settlesWithin(5, never)).rejects.toThrow('Nothing had come of it after 5 ms.');
});

test('does not blame work that a shorter timer ends, however late both fire', async () => {
  const outcome = settlesWithin(5, () => after(1));
  const busyUntil = performance.now() + 20;
  while (performance.now() < busyUntil);
  expect(await outcome).toBe('done');
});
