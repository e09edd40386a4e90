import { expect, test } from 'vitest';
import { memorySlope } from './memory-slope.js';

test('is the growth a minute, whatever the noise', () => {
  const steady = Array.from({ length: 60 }, (_, second) => ({ second, mib: 150 + (second % 2 === 0 ? 1 : -1) }));
  expect(memorySlope(steady)).toBeCloseTo(0, 0);
  const growing = steady.map(({ second, mib }) => ({ second, mib: mib + second * 2 }));
  expect(memorySlope(growing)).toBeCloseTo(120, 0);
});

test('is nothing where there is nothing to compare', () => {
  expect(memorySlope([])).toBe(0);
  expect(memorySlope([{ second: 1, mib: 5 }])).toBe(0);
  expect(memorySlope([1, 2].map((mib) => ({ second: 1, mib })))).toBe(0);
});
