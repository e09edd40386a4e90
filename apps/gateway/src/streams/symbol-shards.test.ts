import { expect, test } from 'vitest';
import { createSymbolShards } from './symbol-shards.js';

test('fills one socket before it takes another', () => {
  const shards = createSymbolShards(2);
  expect(shards.assign(['A', 'B', 'C'])).toEqual([['A', 'B'], ['C']]);
});

test('a wanted symbol stays on its socket; room that became free is used first', () => {
  const shards = createSymbolShards(2);
  shards.assign(['A', 'B', 'C']);
  expect(shards.assign(['B', 'C', 'D', 'E'])).toEqual([
    ['B', 'D'],
    ['C', 'E'],
  ]);
});

test('a socket nobody needs is left empty, and a doubled symbol counts once', () => {
  const shards = createSymbolShards(1);
  shards.assign(['A', 'B']);
  expect(shards.assign(['B', 'B'])).toEqual([[], ['B']]);
});
