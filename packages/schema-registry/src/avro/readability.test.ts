import { describe, expect, it } from 'vitest';
import { parseSchema } from './parse-schema.js';
import { checkReadability, type Readability } from './readability.js';

const read = (reader: unknown, writer: unknown): Readability =>
  checkReadability({ reader: JSON.stringify(reader), writer: JSON.stringify(writer) });
const found = (reader: unknown, writer: unknown): string[] =>
  read(reader, writer).incompatibilities.map(({ kind, location }) => `${kind} ${location}`);

const record = (name: string, ...fields: readonly unknown[]) => ({ type: 'record', name, fields });
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });
const symbols = (name: string, list: readonly string[], more: object = {}) => ({
  type: 'enum',
  name,
  symbols: list,
  ...more,
});

describe('checkReadability', () => {
  describe('primitive types', () => {
    const kinds = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'];
    const promotions = new Set([
      'long←int',
      'float←int',
      'double←int',
      'float←long',
      'double←long',
      'double←float',
      'string←bytes',
      'bytes←string',
    ]);
    const pairs = kinds.flatMap((reader) => kinds.map((writer) => ({ reader, writer })));

    it.each(pairs)('reads $writer as $reader only when equal or promoted', ({ reader, writer }) => {
      const compatible = reader === writer || promotions.has(`${reader}←${writer}`);
      expect(found(reader, writer)).toEqual(compatible ? [] : ['TYPE_MISMATCH /']);
    });
  });

  describe('names', () => {
    const fixed = (name: string, more: object = {}) => ({ type: 'fixed', name, size: 1, ...more });

    it('match without regard to namespaces', () => {
      expect(found(fixed('a.Id'), fixed('b.Id'))).toEqual([]);
      expect(found(fixed('Id', { namespace: 'a' }), fixed('Id'))).toEqual([]);
    });

    it('match when an alias of the reader is the full name of the writer', () => {
      expect(found(fixed('a.New', { aliases: ['b.Old'] }), fixed('b.Old'))).toEqual([]);
      expect(found(fixed('a.New', { aliases: ['Old'] }), fixed('a.Old'))).toEqual([]);
    });

    it('do not match when an alias names another namespace', () => {
      expect(found(fixed('a.New', { aliases: ['b.Old'] }), fixed('c.Old'))).toEqual(['NAME_MISMATCH /name']);
    });

    it("are not matched by the writer's aliases", () => {
      expect(found(fixed('Old'), fixed('New', { aliases: ['Old'] }))).toEqual(['NAME_MISMATCH /name']);
    });

    it.each([
      ['records', record('A'), record('B')],
      ['enums', symbols('A', ['X']), symbols('B', ['X'])],
      ['fixed types', fixed('A'), fixed('B')],
    ])('of %s must match', (_, reader, writer) => {
      expect(found(reader, writer)).toEqual(['NAME_MISMATCH /name']);
    });
  });

  it('never changes the size of a fixed type', () => {
    expect(found({ type: 'fixed', name: 'Id', size: 8 }, { type: 'fixed', name: 'Id', size: 16 })).toEqual([
      'FIXED_SIZE_MISMATCH /size',
    ]);
  });

  describe('enums', () => {
    it('may lose nothing that the writer has', () => {
      const result = read(symbols('Side', ['BUY']), symbols('Side', ['BUY', 'SELL', 'NONE']));
      expect(result.incompatibilities).toMatchObject([{ kind: 'MISSING_ENUM_SYMBOLS', location: '/symbols' }]);
      expect(result.incompatibilities[0]!.message).toContain('SELL, NONE');
    });

    it('may have more symbols, in any order', () => {
      expect(found(symbols('Side', ['NONE', 'SELL', 'BUY']), symbols('Side', ['BUY', 'SELL']))).toEqual([]);
    });

    it('read unknown symbols as their default', () => {
      expect(found(symbols('Side', ['BUY'], { default: 'BUY' }), symbols('Side', ['BUY', 'SELL']))).toEqual([]);
    });
  });

  describe('collections', () => {
    it('compare their items and values', () => {
      expect(found({ type: 'array', items: 'long' }, { type: 'array', items: 'int' })).toEqual([]);
      expect(found({ type: 'array', items: 'int' }, { type: 'array', items: 'long' })).toEqual([
        'TYPE_MISMATCH /items',
      ]);
      expect(found({ type: 'map', values: 'int' }, { type: 'map', values: 'string' })).toEqual([
        'TYPE_MISMATCH /values',
      ]);
    });

    it('do not stand for each other', () => {
      expect(found({ type: 'array', items: 'int' }, { type: 'map', values: 'int' })).toEqual(['TYPE_MISMATCH /']);
    });
  });

  describe('record fields', () => {
    it('that the writer lacks need a default', () => {
      expect(found(record('A', field('x', 'int')), record('A'))).toEqual([
        'READER_FIELD_MISSING_DEFAULT_VALUE /fields/0',
      ]);
      expect(found(record('A', field('x', 'int', { default: 0 })), record('A'))).toEqual([]);
    });

    it('take null for a default like any other', () => {
      expect(found(record('A', field('x', ['null', 'int'], { default: null })), record('A'))).toEqual([]);
    });

    it('need a default of their own where the enum has one', () => {
      const side = symbols('Side', ['BUY'], { default: 'BUY' });
      expect(found(record('A', field('x', side)), record('A'))).toEqual([
        'READER_FIELD_MISSING_DEFAULT_VALUE /fields/0',
      ]);
    });

    it('that only the writer has are skipped', () => {
      expect(found(record('A'), record('A', field('x', 'int')))).toEqual([]);
    });

    it('match by name, in any order', () => {
      const reader = record('A', field('y', 'string'), field('x', 'int'));
      expect(found(reader, record('A', field('x', 'int'), field('y', 'string')))).toEqual([]);
    });

    it('match by alias', () => {
      const renamed = record('A', field('y', 'long', { aliases: ['x'] }));
      expect(found(renamed, record('A', field('x', 'int')))).toEqual([]);
    });

    it('that match two fields of the writer are an error', () => {
      const reader = record('A', field('x', 'int', { aliases: ['y'] }));
      expect(found(reader, record('A', field('x', 'int'), field('y', 'int')))).toEqual([
        'NAME_MISMATCH /fields/0/aliases',
      ]);
    });
  });

  describe('unions', () => {
    it('of the writer need every branch readable', () => {
      expect(found('double', ['int', 'float'])).toEqual([]);
      expect(found('double', ['int', 'string', 'null'])).toEqual(['TYPE_MISMATCH /', 'TYPE_MISMATCH /']);
    });

    it('of the reader need one branch that reads', () => {
      expect(found(['null', 'double'], 'int')).toEqual([]);
      expect(found(['null', 'int'], 'double')).toEqual(['MISSING_UNION_BRANCH /']);
    });

    it("on both sides need a branch for each of the writer's, which are located by their number", () => {
      expect(found(['string', 'null', 'int'], ['null', 'string'])).toEqual([]);
      expect(found(['null', 'int'], ['null', 'string', 'boolean', 'int'])).toEqual([
        'MISSING_UNION_BRANCH /1',
        'MISSING_UNION_BRANCH /2',
      ]);
    });

    it('take a branch that promotes', () => {
      expect(found(['null', 'double'], ['null', 'long'])).toEqual([]);
    });
  });

  describe('recursive types', () => {
    const list = (value: unknown) => record('Node', field('value', value), field('next', ['null', 'Node']));

    it('count as compatible while they are under way', () => {
      expect(found(list('long'), list('int'))).toEqual([]);
    });

    it('report what is wrong in them once', () => {
      expect(found(list('int'), list('long'))).toEqual(['TYPE_MISMATCH /fields/0/type']);
    });
  });

  it('reports every problem with its place', () => {
    const reader = record(
      'Tick',
      field('side', symbols('Side', ['BUY'])),
      field('id', { type: 'fixed', name: 'Id', size: 4 }),
      field('deep', { type: 'array', items: { type: 'map', values: record('Level', field('size', 'int')) } }),
      field('added', 'string'),
    );
    const writer = record(
      'Tock',
      field('side', symbols('Side', ['BUY', 'SELL'])),
      field('id', { type: 'fixed', name: 'Id', size: 8 }),
      field('deep', {
        type: 'array',
        items: { type: 'map', values: record('Level', field('size', ['null', 'string'])) },
      }),
    );
    expect(found(reader, writer)).toEqual([
      'NAME_MISMATCH /name',
      'MISSING_ENUM_SYMBOLS /fields/0/type/symbols',
      'FIXED_SIZE_MISMATCH /fields/1/type/size',
      'TYPE_MISMATCH /fields/2/type/items/values/fields/0/type',
      'TYPE_MISMATCH /fields/2/type/items/values/fields/0/type',
      'READER_FIELD_MISSING_DEFAULT_VALUE /fields/3',
    ]);
  });

  it('reports a type that is used twice where it is used first', () => {
    const side = (list: readonly string[]) => record('A', field('one', symbols('Side', list)), field('two', 'Side'));
    expect(found(side(['BUY']), side(['BUY', 'SELL']))).toEqual(['MISSING_ENUM_SYMBOLS /fields/0/type/symbols']);
  });

  it('does not look at docs, logical types, order, or defaults of the writer', () => {
    const reader = record('A', field('x', 'long', { doc: 'Unix milliseconds', order: 'ignore' }));
    const writer = {
      ...record('A', field('x', { type: 'long', logicalType: 'timestamp-millis' }, { default: 3 })),
      doc: 'old',
    };
    expect(found(reader, writer)).toEqual([]);
  });

  it('takes parsed schemas, which may have references', () => {
    const money = JSON.stringify({ type: 'record', name: 'Money', namespace: 'n', fields: [field('price', 'double')] });
    const reader = parseSchema(JSON.stringify(record('Trade', field('paid', 'n.Money'))), { references: [money] });
    const old = JSON.stringify({ type: 'record', name: 'Money', namespace: 'n', fields: [field('price', 'string')] });
    const writer = parseSchema(JSON.stringify(record('Trade', field('paid', 'n.Money'))), { references: [old] });
    expect(checkReadability({ reader, writer }).incompatibilities).toMatchObject([
      { kind: 'TYPE_MISMATCH', location: '/fields/0/type/fields/0/type' },
    ]);
  });

  it('compares many types that use each other twice in a moment', () => {
    // Each level uses the one below twice: without memory that would be 2^60 comparisons.
    let type: unknown = 'int';
    for (let level = 0; level < 60; level++)
      type = record(`L${level}`, field('a', type), field('b', level === 0 ? 'int' : `L${level - 1}`));
    expect(found(type, type)).toEqual([]);
  });

  it('refuses chains of types that would exhaust the stack', () => {
    const texts = Array.from({ length: 2_000 }, (_, index) =>
      JSON.stringify(record(`L${index}`, field('a', index === 0 ? 'int' : `L${index - 1}`))),
    );
    const chain = (): ReturnType<typeof parseSchema> => parseSchema(texts.at(-1)!, { references: texts.slice(0, -1) });
    expect(() => checkReadability({ reader: chain(), writer: chain() })).toThrow(/nest more than 250/);
  });
});
