import Type from 'typebox';
import { Settings } from 'typebox/system';
import { expect, test } from 'vitest';
import { createChecker, maxFailures } from './checker.js';
import { formatFailures } from './failure.js';

const failuresOf = (schema: Type.TSchema, value: unknown): unknown => {
  const parsed = createChecker(schema).parse(value);
  return parsed.ok ? [] : parsed.failures;
};

test('lists every failing place, far beyond the eight that TypeBox stops at', () => {
  const schema = Type.Array(Type.Number());
  const before = Settings.Get().maxErrors;
  const failures = failuresOf(schema, Array.from({ length: 50 }, String)) as { pointer: string }[];
  expect(failures.map((failure) => failure.pointer)).toEqual(Array.from({ length: 50 }, (_, index) => `/${index}`));
  expect(Settings.Get().maxErrors).toBe(before);
});

test('lists a bounded number of them', () => {
  const failures = failuresOf(Type.Array(Type.Number()), new Array(5_000).fill('x')) as unknown[];
  expect(failures.length).toBe(maxFailures);
});

test('a number that is not finite is none', () => {
  expect(failuresOf(Type.Number(), Number.NaN)).toEqual([
    { pointer: '', expected: 'finite number', actual: 'number NaN' },
  ]);
  expect(failuresOf(Type.Number(), Number.POSITIVE_INFINITY)).toHaveLength(1);
});

test('a union names its branches once, or the place inside the branch that was meant', () => {
  const schema = Type.Union([Type.Array(Type.String()), Type.Null()]);
  expect(failuresOf(schema, 5)).toEqual([{ pointer: '', expected: 'array or null', actual: 'number 5' }]);
  expect(failuresOf(schema, ['a', 5])).toEqual([{ pointer: '/1', expected: 'string', actual: 'number 5' }]);
});

test('pointers are escaped and long values cut', () => {
  const schema = Type.Object({ 'a/b~c': Type.Integer({ maximum: 3 }) }, { additionalProperties: false });
  expect(failuresOf(schema, { 'a/b~c': 'x'.repeat(500) })).toEqual([
    { pointer: '/a~1b~0c', expected: 'integer ≤ 3', actual: `string "${'x'.repeat(60)}…"` },
  ]);
});

test('failures fit on one line, the first ten of them', () => {
  const failure = { pointer: '/a', expected: 'string', actual: 'null' };
  expect(formatFailures([failure, { ...failure, pointer: '' }])).toBe(
    '/a: expected string, got null; (whole value): expected string, got null',
  );
  expect(formatFailures(new Array(12).fill(failure))).toMatch(/; and 2 more$/);
});
