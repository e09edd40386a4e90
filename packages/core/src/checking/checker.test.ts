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

test('the fault of a huge value is found, wherever it is', () => {
  const list = createChecker(Type.Object({ names: Type.Array(Type.String(), { maxItems: 20_000 }) }));
  const names: unknown[] = Array.from({ length: 15_000 }, () => 'a');
  names[14_000] = 7;
  expect(list.parse({ names })).toMatchObject({ ok: false, failures: [{ pointer: '/names/14000' }] });
  const closed = createChecker(Type.Object({ a: Type.Number() }, { additionalProperties: false }));
  const wide = { a: 1, ...Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`f${n}`, n])) };
  const parsed = closed.parse(wide);
  expect(parsed).toMatchObject({ ok: false });
  if (!parsed.ok) expect(parsed.failures).toHaveLength(maxFailures);
});

test('no description shows what stands before the @ of an address, or a pointer without end', () => {
  const checker = createChecker(Type.Object({ url: Type.String({ maxLength: 5 }) }, { additionalProperties: false }));
  const parsed = checker.parse({ url: 'wss://user:secret@example.com/', ['x'.repeat(100_000)]: 1 });
  expect(JSON.stringify(parsed)).not.toContain('secret');
  expect(JSON.stringify(parsed)).toContain('//[redacted]@example.com/');
  expect(JSON.stringify(parsed).length).toBeLessThan(5_000);
});
