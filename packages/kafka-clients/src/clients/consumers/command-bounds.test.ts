import { expect, test } from 'vitest';
import { checkCommandBounds, maxCommandBytes, maxCommandDepth } from './command-bounds.js';

const nested = (depth: number): Buffer => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`);

test('takes what is within the bounds, and no value at all', () => {
  checkCommandBounds(null);
  checkCommandBounds(Buffer.alloc(maxCommandBytes, ' '));
  checkCommandBounds(nested(maxCommandDepth));
});

test('refuses a byte more and a level more', () => {
  expect(() => checkCommandBounds(Buffer.alloc(maxCommandBytes + 1, ' '))).toThrow(/the most is 1048576/);
  expect(() => checkCommandBounds(nested(maxCommandDepth + 1))).toThrow(/deeper than 64/);
  expect(() => checkCommandBounds(Buffer.from('{"a":'.repeat(maxCommandDepth + 1)))).toThrow(/deeper than 64/);
});

test('brackets in text are text, also after an escaped quote', () => {
  checkCommandBounds(Buffer.from(JSON.stringify({ reason: `"${'['.repeat(1_000)}\\` })));
});
