import { describe, expect, it } from 'vitest';
import { parseSchema } from '../avro/parse-schema.js';
import { type GenerateTypesOptions, generateTypes } from './generate-types.js';

const record = (name: string, fields: Readonly<Record<string, unknown>>, more: object = {}) => ({
  type: 'record',
  name,
  fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
  ...more,
});
const generate = (schema: unknown, options?: GenerateTypesOptions): string =>
  generateTypes([parseSchema(JSON.stringify(schema))], options);
const fieldType = (type: unknown, options?: GenerateTypesOptions): string =>
  /readonly x\??: (.*);/.exec(generate(record('A', { x: type }), options))![1]!;

describe('generateTypes', () => {
  it('writes records, enums and fixed types with their docs', () => {
    const schema = {
      type: 'record',
      name: 'Trade',
      namespace: 'naru.market',
      doc: 'One trade.',
      fields: [
        { name: 'side', type: { type: 'enum', name: 'Side', symbols: ['BUY', 'SELL'], doc: 'Who\ntook */ it' } },
        { name: 'id', type: { type: 'fixed', name: 'Id', size: 16 }, doc: 'digit for digit' },
        { name: 'self', type: ['null', 'Trade'], default: null },
      ],
    };
    expect(generate(schema, { header: 'Generated.' })).toBe(`// Generated.

/** One trade. */
export interface Trade {
  readonly side: Side;
  /** digit for digit */
  readonly id: Id;
  readonly self: null | Trade;
}

/**
 * Who
 * took *\\/ it
 */
export type Side = 'BUY' | 'SELL';

/** 16 bytes. */
export type Id = Buffer;
`);
  });

  it.each([
    ['boolean', 'boolean'],
    ['int', 'number'],
    ['long', 'number'],
    ['double', 'number'],
    ['bytes', 'Buffer'],
    ['string', 'string'],
    ['null', 'null'],
    [{ type: 'array', items: 'int' }, 'readonly number[]'],
    [{ type: 'array', items: ['null', 'int'] }, 'readonly (null | number)[]'],
    [{ type: 'array', items: { type: 'array', items: 'double' } }, 'readonly (readonly number[])[]'],
    [{ type: 'map', values: 'long' }, '{ readonly [key: string]: number }'],
    [
      { type: 'array', items: { type: 'map', values: ['null', 'int'] } },
      'readonly ({ readonly [key: string]: null | number })[]',
    ],
  ])('gives %j the type %s', (schema, expected) => {
    expect(fieldType(schema)).toBe(expected);
  });

  it('leaves unions unwrapped where values tell the branch', () => {
    expect(fieldType(['null', 'double', 'string'])).toBe('null | number | string');
  });

  it.each([
    ['two numbers', ['null', 'int', 'double'], 'null | { readonly int: number } | { readonly double: number }'],
    [
      'a string and an enum',
      ['string', { type: 'enum', name: 'E', namespace: 'n', symbols: ['X'] }],
      "{ readonly string: string } | { readonly 'n.E': E }",
    ],
    [
      'a record and a map',
      [record('B', {}), { type: 'map', values: 'int' }],
      '{ readonly B: B } | { readonly map: { readonly [key: string]: number } }',
    ],
    [
      'bytes and fixed',
      ['bytes', { type: 'fixed', name: 'F', size: 1 }],
      '{ readonly bytes: Buffer } | { readonly F: F }',
    ],
  ])('wraps a union of %s', (_, union, expected) => {
    expect(fieldType(union)).toBe(expected);
  });

  it('wraps every union when told to', () => {
    expect(fieldType(['null', 'string'], { wrapUnions: 'always' })).toBe('null | { readonly string: string }');
  });

  it('takes known logical types for what they are in the program, also when it decides about wrapping', () => {
    const json = { type: 'string', logicalType: 'json' };
    const options = { logicalTypes: { json: 'JsonValue' } };
    expect(fieldType(json, options)).toBe('JsonValue');
    expect(fieldType(json)).toBe('string');
    expect(
      fieldType(['string', { type: 'bytes', logicalType: 'json' }, { type: 'fixed', name: 'F', size: 1 }], options),
    ).toBe('string | JsonValue | F');
  });

  it('makes fields with a default optional, and longs bigint, when told to', () => {
    const schema = { type: 'record', name: 'A', fields: [{ name: 'x', type: 'long', default: 0 }] };
    expect(generate(schema, { optionalDefaults: true, longs: 'bigint' })).toContain('readonly x?: bigint;');
  });

  describe('names', () => {
    const target = (namespace: string, type = 'string') => record('Target', { exchange: type }, { namespace });
    const use = (namespace: string, type?: string) => record(`Use_${namespace}`, { target: target(namespace, type) });
    const names = (...schemas: readonly unknown[]): string[] =>
      [
        ...generateTypes(schemas.map((schema) => parseSchema(JSON.stringify(schema)))).matchAll(/export \w+ (\w+)/g),
      ].map((match) => match[1]!);

    it('are shared by types that are the same in several namespaces', () => {
      expect(names(use('a'), use('b'))).toEqual(['UseA', 'Target', 'UseB']);
    });

    it('get the namespace where types differ', () => {
      expect(names(use('a'), use('b', 'int'))).toEqual(['UseA', 'ATarget', 'UseB', 'BTarget']);
    });

    it('get the namespace where what types are made of differs', () => {
      const outer = (namespace: string, type?: string) => ({
        ...record('Outer', { target: target(namespace, type) }),
        namespace,
      });
      expect(names(outer('a'), outer('b', 'int'))).toEqual(['AOuter', 'ATarget', 'BOuter', 'BTarget']);
    });

    it('are refused when one full name means two things', () => {
      expect(() => names(use('a'), record('Other', { target: target('a', 'int') }))).toThrow(
        /a\.Target is defined in two/,
      );
    });
  });
});
