import { expect, test } from 'vitest';
import { alternate, median, percentile } from './rounds.js';

test('begins every round with another contestant and drops one that cannot run', async () => {
  const order: string[] = [];
  const results = await alternate<number>(3, {
    a: async () => order.push('a'),
    b: async () => order.push('b'),
    missing: async () => {
      order.push('missing');
      return null;
    },
  });
  expect(order).toEqual(['a', 'b', 'missing', 'b', 'a', 'a', 'b']);
  expect(results).toEqual({ a: [1, 5, 6], b: [2, 4, 7], missing: [] });
});

test('takes medians and percentiles', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNull();
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(percentile([5, 1, 4, 2, 3], 0.99)).toBe(5);
});
