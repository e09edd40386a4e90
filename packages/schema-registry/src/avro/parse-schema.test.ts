import { describe, expect, it } from 'vitest';
import { parseSchema } from './parse-schema.js';
import type { RecordSchema } from './schema.js';

const parse = (schema: unknown): ReturnType<typeof parseSchema> => parseSchema(JSON.stringify(schema));
const record = (name: string, ...fields: readonly unknown[]) => ({ type: 'record', name, fields });
const withDefault = (type: unknown, value: unknown) => record('A', { name: 'x', type, default: value });

describe('parseSchema', () => {
  it('resolves names in the enclosing namespace, and without one', () => {
    const schema = {
      ...record(
        'Outer',
        { name: 'a', type: { ...record('Inner'), namespace: 'other' } },
        { name: 'b', type: 'other.Inner' },
        { name: 'c', type: ['null', 'Outer'] },
        { name: 'd', type: { type: 'enum', name: 'Side', symbols: ['BUY'] } },
        { name: 'e', type: 'naru.Side' },
      ),
      namespace: 'naru',
    };
    const { root, defined } = parse(schema);
    expect([...defined.keys()]).toEqual(['naru.Outer', 'other.Inner', 'naru.Side']);
    const types = (root as RecordSchema).fields.map(({ type }) => type);
    expect(types[1]).toBe(types[0]);
    expect(types[4]).toBe(types[3]);
    expect(types[2]).toMatchObject({ branches: [{ kind: 'null' }, { name: 'naru.Outer' }] });
  });

  it('takes a name with dots for the full name, whatever "namespace" says', () => {
    expect([...parse({ ...record('a.b.C'), namespace: 'ignored' }).defined.keys()]).toEqual(['a.b.C']);
  });

  it('qualifies aliases with the namespace of the type', () => {
    const { root } = parse({ ...record('C'), namespace: 'n', aliases: ['Old', 'm.Older'] });
    expect(root).toMatchObject({ aliases: ['n.Old', 'm.Older'] });
  });

  it('takes a bare name for a schema, with quotes and without', () => {
    expect(parseSchema('"long"').root).toMatchObject({ kind: 'long' });
    expect(parseSchema(' long ').root).toMatchObject({ kind: 'long' });
    expect(parseSchema('naru.Money', { references: [JSON.stringify(record('naru.Money'))] }).root).toMatchObject({
      name: 'naru.Money',
    });
  });

  it('keeps what it gives no meaning to', () => {
    const { root } = parse({ type: 'long', logicalType: 'timestamp-millis', unit: { team: 'market' } });
    expect((root as { properties: ReadonlyMap<string, unknown> }).properties).toEqual(
      new Map<string, unknown>([
        ['logicalType', 'timestamp-millis'],
        ['unit', { team: 'market' }],
      ]),
    );
  });

  it.each<[string, unknown, string, RegExp]>([
    ['an unknown type', record('A', { name: 'x', type: 'Nothing' }), '/fields/0/type', /"Nothing" is no type/],
    ['a use before its definition', ['B', record('B')], '/0', /"B" is no type/],
    ['an object without type', { name: 'A' }, '/', /"type" is missing/],
    ['a type that is wrapped twice', { type: { type: 'int' } }, '/', /one level is too many/],
    ['a number for a schema', 7, '/', /a name, an object or an array/],
    ['a record without fields', { type: 'record', name: 'A' }, '/', /no "fields"/],
    ['a record without name', { type: 'record', fields: [] }, '/', /is no name/],
    ['a name that starts with a digit', record('1A'), '/', /"1A" is no name/],
    ['a name with an empty part', record('a..B'), '/', /"a\.\.B" is no name/],
    ['a namespace that is none', { ...record('A'), namespace: 'a-b' }, '/', /"a-b" is no namespace/],
    ['a field name with a dot', record('A', { name: 'a.b', type: 'int' }), '/fields/0', /no field name/],
    ['a field twice', record('A', { name: 'x', type: 'int' }, { name: 'x', type: 'int' }), '/fields', /"x" twice/],
    ['a field that is no object', record('A', 'x'), '/fields/0', /a field is an object/],
    ['an order that is none', record('A', { name: 'x', type: 'int', order: 'up' }), '/fields/0', /"order" of x/],
    ['a type twice', [record('A'), record('A')], '/1', /A is defined twice/],
    ['a primitive type defined again', record('string'), '/', /primitive/],
    ['an enum without symbols', { type: 'enum', name: 'E' }, '/', /no "symbols"/],
    ['a symbol twice', { type: 'enum', name: 'E', symbols: ['X', 'X'] }, '/symbols', /"X" twice/],
    ['a symbol that is no name', { type: 'enum', name: 'E', symbols: ['a-b'] }, '/symbols', /"a-b" is no enum symbol/],
    [
      'an enum default that is no symbol',
      { type: 'enum', name: 'E', symbols: ['X'], default: 'Y' },
      '/default',
      /not one/,
    ],
    ['a fixed type without size', { type: 'fixed', name: 'F' }, '/', /"size" of F/],
    ['a fixed type of negative size', { type: 'fixed', name: 'F', size: -1 }, '/', /"size" of F/],
    ['a union in a union', ['null', ['int']], '/', /another union/],
    ['a branch twice', ['int', 'int'], '/', /int twice/],
    [
      'two maps in a union',
      [
        { type: 'map', values: 'int' },
        { type: 'map', values: 'long' },
      ],
      '/',
      /map twice/,
    ],
    ['aliases that are no strings', { ...record('A'), aliases: [1] }, '/', /"aliases" is an array of strings/],
  ])('refuses %s', (_, schema, path, message) => {
    expect(() => parse(schema)).toThrow(
      expect.objectContaining({ code: 'invalid_schema', message: expect.stringMatching(message) }),
    );
    expect(() => parse(schema)).toThrow(`not valid at ${path}:`);
  });

  it.each(['', '  ', '{', '{"type":"record"'])('refuses the text %j', (text) => {
    expect(() => parseSchema(text)).toThrow(expect.objectContaining({ code: 'invalid_schema' }));
  });

  it('refuses nesting without end, in types and in defaults, but not brackets in strings', () => {
    const types = `${'{"type":"array","items":'.repeat(100_000)}"int"${'}'.repeat(100_000)}`;
    expect(() => parseSchema(types)).toThrow(/deeper than 500/);
    const value = `${'[{"a":'.repeat(50_000)}[]${'}]'.repeat(50_000)}`;
    const field = `{"name":"a","type":{"type":"array","items":"N"},"default":${value}}`;
    expect(() => parseSchema(`{"type":"record","name":"N","fields":[${field}]}`)).toThrow(/deeper than 500/);
    expect(() => parse({ ...record('A'), doc: `\\"${'['.repeat(1_000)}` })).not.toThrow();
  });

  it('takes names like __proto__ for what they are', () => {
    const { root } = parse(record('__proto__', { name: 'constructor', type: 'int' }));
    expect(root).toMatchObject({ fields: [{ name: 'constructor' }] });
    expect(() => parse(record('A', { name: 'x', type: 'toString' }))).toThrow(/"toString" is no type/);
  });

  describe('defaults', () => {
    const side = { type: 'enum', name: 'Side', symbols: ['BUY'] };
    const point = record('Point', { name: 'x', type: 'int' }, { name: 'y', type: 'int', default: 0 });

    it.each<[unknown, unknown]>([
      ['null', null],
      ['boolean', false],
      ['int', -(2 ** 31)],
      ['long', 2 ** 53],
      ['float', 1],
      ['double', 1.5],
      ['string', ''],
      ['bytes', '\u00ff\u0000'],
      [{ type: 'fixed', name: 'F', size: 2 }, '\u0001\u0002'],
      [side, 'BUY'],
      [{ type: 'array', items: 'int' }, [1, 2]],
      [{ type: 'map', values: 'int' }, { a: 1 }],
      [['null', 'int'], null],
      [['int', 'null'], 3],
      [point, { x: 1 }],
    ])('of %j may be %j', (type, value) => {
      expect(() => parse(withDefault(type, value))).not.toThrow();
    });

    it.each<[unknown, unknown]>([
      ['null', 0],
      ['boolean', 'false'],
      ['int', 2 ** 31],
      ['int', 1.5],
      ['long', '1'],
      ['double', 'NaN'],
      ['string', null],
      ['bytes', 'Ā'],
      [{ type: 'fixed', name: 'F', size: 2 }, 'a'],
      [side, 'SELL'],
      [{ type: 'array', items: 'int' }, ['x']],
      [{ type: 'map', values: 'int' }, []],
      [['null', 'int'], 3],
      [point, { y: 1 }],
      [point, { x: 'x' }],
    ])('of %j may not be %j', (type, value) => {
      expect(() => parse(withDefault(type, value))).toThrow(
        /not valid at \/fields\/0\/default: the default does not fit/,
      );
    });

    it('of a recursive type are checked when the type is whole', () => {
      const next = { name: 'next', type: { type: 'array', items: 'Node' }, default: [{ value: 1 }] };
      expect(() => parse(record('Node', next, { name: 'value', type: 'int' }))).not.toThrow();
      expect(() => parse(record('Node', next, { name: 'value', type: 'string' }))).toThrow(/1 is not string/);
    });
  });
});
