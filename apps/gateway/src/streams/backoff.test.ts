import { expect, test } from 'vitest';
import { createBackoff } from './backoff.js';

test('starts at the base and stays between the base and three times the wait before', () => {
  const draws = [0.5, 1, 0];
  const backoff = createBackoff({ random: () => draws.shift() ?? 0 });
  expect(backoff.next()).toBe(1_000);
  expect(backoff.next()).toBe(2_000);
  expect(backoff.next()).toBe(6_000);
  expect(backoff.next()).toBe(1_000);
});

test('is capped at 30 seconds, and at 300 from the tenth failure in a row', () => {
  const backoff = createBackoff({ random: () => 0.999 });
  const waits = Array.from({ length: 14 }, () => backoff.next());
  expect(Math.max(...waits.slice(0, 9))).toBe(30_000);
  expect(waits[9]).toBeGreaterThan(30_000);
  expect(waits.at(-1)).toBe(300_000);
});

test('halves one long wait in twenty', () => {
  // Growth draws are high; the draw that decides on halving is low every time.
  let draw = 0;
  const backoff = createBackoff({ random: () => (draw++ >= 8 && draw % 2 === 0 ? 0.01 : 0.99) });
  const waits = Array.from({ length: 16 }, () => backoff.next());
  expect(waits.at(-1)).toBe(150_000);
});

test('begins again after a reset', () => {
  const backoff = createBackoff();
  backoff.next();
  backoff.next();
  backoff.reset();
  expect(backoff.failures).toBe(0);
  expect(backoff.next()).toBe(1_000);
});
