import fc from 'fast-check';

/** Two schemas of which the second can read the first, and values of the first. */
export interface EvolutionPair {
  readonly writer: unknown;
  readonly reader: unknown;
  readonly value: fc.Arbitrary<unknown>;
}

// What each primitive may be read as.
const promotions = {
  int: ['int', 'long', 'float', 'double'],
  long: ['long', 'double'],
  float: ['float', 'double'],
  double: ['double'],
  boolean: ['boolean'],
  string: ['string'],
} as const;

const values: Readonly<Record<keyof typeof promotions, fc.Arbitrary<unknown>>> = {
  // Floats hold 24 bits, doubles 53.
  int: fc.integer({ min: -(2 ** 24), max: 2 ** 24 }),
  long: fc.integer({ min: -(2 ** 52) + 1, max: 2 ** 52 - 1 }),
  float: fc.float({ noNaN: true }),
  double: fc.double({ noNaN: true }),
  boolean: fc.boolean(),
  string: fc.string({ unit: 'grapheme', maxLength: 20 }),
};

const primitives = fc
  .constantFrom(...(Object.keys(promotions) as (keyof typeof promotions)[]))
  .chain((writer) =>
    fc
      .constantFrom<string>(...promotions[writer])
      .map((reader): EvolutionPair => ({ writer, reader, value: values[writer] })),
  );

const named = (pair: EvolutionPair): boolean => !Array.isArray(pair.writer) && !Array.isArray(pair.reader);

/** Arrays, maps, unions with null, and records whose fields are dropped, added and moved. */
export const evolutionPairs: fc.Arbitrary<EvolutionPair> = fc.letrec<{ pair: EvolutionPair }>((tie) => ({
  pair: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    primitives,
    tie('pair').map(({ writer, reader, value }) => ({
      writer: { type: 'array', items: writer },
      reader: { type: 'array', items: reader },
      value: fc.array(value, { maxLength: 3 }),
    })),
    tie('pair').map(({ writer, reader, value }) => ({
      writer: { type: 'map', values: writer },
      reader: { type: 'map', values: reader },
      value: fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        value,
        { maxKeys: 3, noNullPrototype: true },
      ),
    })),
    tie('pair')
      .filter(named)
      .map(({ writer, reader, value }) => ({
        writer: ['null', writer],
        reader: [reader, 'null'],
        value: fc.option(value),
      })),
    tie('pair')
      .filter(named)
      .map(({ writer, reader, value }) => ({ writer, reader: ['null', reader], value })),
    fc
      .tuple(fc.uuid(), fc.array(fc.tuple(tie('pair'), fc.boolean()), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([id, fields, isAdding]) => recordPair(`R${id.replaceAll('-', '')}`, fields, isAdding)),
  ),
})).pair;

function recordPair(
  name: string,
  fields: readonly (readonly [EvolutionPair, boolean])[],
  isAdding: boolean,
): EvolutionPair {
  const written = fields.map(([{ writer }], index) => ({ name: `f${index}`, type: writer }));
  const kept = fields.flatMap(([{ reader }, isKept], index) => (isKept ? [{ name: `f${index}`, type: reader }] : []));
  const added = isAdding ? [{ name: 'added', type: 'string', default: 'new' }] : [];
  const arbitraries = fields.map(([{ value }], index) => [`f${index}`, value] as const);
  return {
    writer: { type: 'record', name, fields: written },
    reader: { type: 'record', name, fields: [...added, ...kept.reverse()] },
    value: fc.record<Record<string, unknown>>(Object.fromEntries(arbitraries), { noNullPrototype: true }),
  };
}
