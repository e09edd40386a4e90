import { expect, test } from 'vitest';
import { checkCommandBounds, maxCommandBytes, maxCommandDepth, maxCommandFields } from './command-bounds.js';

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

test('refuses a field more, over all levels', () => {
  const fields = (count: number): string => Array.from({ length: count }, (_, n) => `"f${n}":1`).join();
  checkCommandBounds(Buffer.from(`{"a":{${fields(maxCommandFields - 1)}}}`));
  expect(() => checkCommandBounds(Buffer.from(`{"a":{${fields(maxCommandFields)}}}`))).toThrow(/more than 1000 fields/);
});

test('brackets in text are text, also after an escaped quote', () => {
  checkCommandBounds(Buffer.from(JSON.stringify({ reason: `"${'[:'.repeat(2_000)}\\` })));
});

test('text ends where JSON says so, whatever backslashes are before the quote', () => {
  const deep = '['.repeat(maxCommandDepth + 1);
  expect(() => checkCommandBounds(Buffer.from(`"\\\\"${deep}`))).toThrow(/deeper/);
  checkCommandBounds(Buffer.from(`"\\\\\\"${deep}"`));
  checkCommandBounds(Buffer.from(`"${deep}`));
  expect(() => checkCommandBounds(Buffer.from(`""${deep}`))).toThrow(/deeper/);
});
