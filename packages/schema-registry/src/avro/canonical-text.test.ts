import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from './canonical-text.js';
import { schemaPairs } from './oracle/schema-pairs.js';
import { parseSchema } from './parse-schema.js';
import { checkReadability } from './readability.js';
import { diffSchemas } from './schema-diff.js';

const canonical = (schema: unknown, normalize = false): string =>
  canonicalText(parseSchema(JSON.stringify(schema)).root, undefined, { normalize });

describe('canonicalText', () => {
  it('is one for all spellings', () => {
    const one = {
      type: 'record',
      name: 'Tick',
      namespace: 'naru',
      fields: [
        { name: 'side', type: { type: 'enum', name: 'Side', symbols: ['BUY'] } },
        { name: 'next', type: ['null', 'Tick'], default: null },
      ],
    };
    const other = {
      fields: [
        {
          type: { symbols: ['BUY'], type: 'enum', name: 'naru.Side', namespace: 'x' },
          name: 'side',
          order: 'ascending',
        },
        { default: null, type: [{ type: 'null' }, 'naru.Tick'], aliases: [], name: 'next' },
      ],
      name: 'naru.Tick',
      type: 'record',
    };
    expect(canonical(other)).toBe(canonical(one));
    expect(canonical(one)).toBe(
      '{"type":"record","name":"Tick","namespace":"naru","fields":[{"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY"]}},{"name":"next","type":["null","Tick"],"default":null}]}',
    );
  });

  it.each([
    ['docs', { doc: 'in KRW' }],
    ['defaults', { default: 0 }],
    ['aliases', { aliases: ['old'] }],
    ['order', { order: 'ignore' }],
    ['other attributes', { unit: 'KRW' }],
  ])('keeps %s', (_, more) => {
    const of = (extra: object) => ({ type: 'record', name: 'A', fields: [{ name: 'x', type: 'int', ...extra }] });
    expect(canonical(of(more))).not.toBe(canonical(of({})));
  });

  it('keeps logical types', () => {
    expect(canonical({ type: 'long', logicalType: 'timestamp-millis' })).toBe(
      '{"type":"long","logicalType":"timestamp-millis"}',
    );
  });

  it('sorts what has no order, but only to normalize', () => {
    const of = (aliases: readonly string[], more: object) => ({ type: 'fixed', name: 'F', size: 1, aliases, ...more });
    const [one, other] = [of(['A', 'B'], { x: 1, y: 2 }), of(['B', 'A'], { y: 2, x: 1 })];
    expect(canonical(one)).not.toBe(canonical(other));
    expect(canonical(one, true)).toBe(canonical(other, true));
  });

  it('names types without a namespace inside of others', () => {
    const schema = {
      type: 'record',
      name: 'Outer',
      namespace: 'n',
      fields: [{ name: 'x', type: { type: 'fixed', name: 'Plain', namespace: '', size: 1 } }],
    };
    expect(canonical(JSON.parse(canonical(schema)))).toBe(canonical(schema));
    expect(canonical(schema)).toContain('"name":"Plain","namespace":""');
  });

  it('is the same schema, and its own canonical text, for any schema', () => {
    fc.assert(
      fc.property(schemaPairs(), ({ reader }) => {
        const given = parseSchema(JSON.stringify(reader));
        const text = canonicalText(given.root);
        const again = parseSchema(text);
        expect(canonicalText(again.root)).toBe(text);
        expect(diffSchemas(given.root, again.root)).toEqual([]);
        // Not every schema reads its own data: a field may be another's alias.
        const itself = checkReadability({ reader: given, writer: given });
        expect(checkReadability({ reader: given, writer: again })).toEqual(itself);
        expect(checkReadability({ reader: again, writer: given })).toEqual(itself);
      }),
      { numRuns: 500 },
    );
  });
});
