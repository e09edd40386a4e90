import { expect, test } from 'vitest';
import { MemoryPool } from './memory-pool.js';

test('memory given back is used again, whatever size is asked for next', () => {
  const pool = new MemoryPool();
  const first = pool.take(100_000);
  pool.give(first);
  const second = pool.take(200_000);
  expect([first.length, second.length]).toEqual([100_000, 200_000]);
  expect(second.buffer).toBe(first.buffer);
  expect(pool.take(100_000).buffer).not.toBe(first.buffer);
});

test('small and very large memory is none of its business', () => {
  const pool = new MemoryPool();
  for (const size of [0, 100, 1_000_000]) {
    const memory = pool.take(size);
    expect(memory.length).toBe(size);
    pool.give(memory);
  }
  expect(pool.free).toBe(0);
});

test('an idle pool holds a bounded amount', () => {
  const pool = new MemoryPool();
  const taken = Array.from({ length: 100 }, () => pool.take(50_000));
  for (const memory of taken) pool.give(memory);
  expect(pool.free).toBe(16);
});
