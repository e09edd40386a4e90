import { describe, expect, it } from 'vitest';
import { parseSchema } from './parse-schema.js';
import { diffSchemas } from './schema-diff.js';

const diff = (before: unknown, after: unknown): string[] =>
  diffSchemas(parseSchema(JSON.stringify(before)).root, parseSchema(JSON.stringify(after)).root).map(
    ({ location, before: was, after: is }) => `${location}: ${was ?? '-'} → ${is ?? '-'}`,
  );
const record = (...fields: readonly unknown[]) => ({ type: 'record', name: 'Tick', fields });

describe('diffSchemas', () => {
  it('finds nothing in equal schemas, recursive ones included', () => {
    const node = record({ name: 'next', type: ['null', 'Tick'], default: null });
    expect(diff(node, node)).toEqual([]);
  });

  it('names fields that came, went and changed', () => {
    const before = record({ name: 'a', type: 'int' }, { name: 'gone', type: { type: 'array', items: 'long' } });
    const after = record(
      { name: 'a', type: 'long', doc: 'wider' },
      { name: 'new', type: ['null', { type: 'map', values: 'string' }], default: null },
    );
    expect(diff(before, after)).toEqual([
      '/fields/gone: array of long → -',
      '/fields/a/type: int → long',
      '/fields/a/doc: - → wider',
      '/fields/new: - → [null, map of string] = null',
    ]);
  });

  it('tells a moved field from a changed one', () => {
    const [a, b] = [
      { name: 'a', type: 'int' },
      { name: 'b', type: 'int' },
    ];
    expect(diff(record(a, b), record(b, a))).toEqual(['/fields: a, b → b, a']);
  });

  it('looks into unions, collections and named types', () => {
    const of = (symbols: readonly string[], size: number, more: object) =>
      record(
        { name: 'u', type: ['null', { type: 'enum', name: 'E', symbols }] },
        { name: 'f', type: { type: 'array', items: { type: 'fixed', name: 'F', size } } },
        { name: 'm', type: { type: 'map', values: { type: 'long', ...more } } },
      );
    expect(diff(of(['X'], 1, {}), of(['X', 'Y'], 2, { logicalType: 'timestamp-millis' }))).toEqual([
      '/fields/u/type/E/symbols: X → X, Y',
      '/fields/f/type/items/size: 1 → 2',
      '/fields/m/type/values/logicalType: - → "timestamp-millis"',
    ]);
  });

  it('shows branches of unions, their order, defaults and aliases', () => {
    const of = (type: unknown, value: unknown, aliases: readonly string[]) =>
      record({ name: 'a', type, default: value, aliases });
    expect(diff(of(['null', 'int'], null, []), of(['int', 'null', 'string'], 0, ['b']))).toEqual([
      '/fields/a/type/order: null, int → int, null',
      '/fields/a/type/string: - → string',
      '/fields/a/default: null → 0',
      '/fields/a/aliases: - → b',
    ]);
  });
});
