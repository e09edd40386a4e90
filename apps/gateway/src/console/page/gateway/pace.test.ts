import { expect, test } from 'vitest';
import { createPace } from './pace.js';

test('a gateway that is away is asked ever more seldom, and each second again once it answers', () => {
  const pace = createPace();
  expect(pace.answered()).toBe(1_000);
  expect([1, 2, 3, 4, 5].map(() => pace.failed())).toEqual([2_000, 4_000, 8_000, 15_000, 15_000]);
  expect(pace.answered()).toBe(1_000);
  expect(pace.failed()).toBe(2_000);
});
