import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileScan } from './compile-scan.js';
import { generateScan } from './generate-scan.js';
import { resolveGuardLimits } from './guard-limits.js';
import type { ScanCursor } from './scan-cursor.js';
import { parseSchemaGraph } from './schema-graph.js';
import { smallestEncodings } from './smallest-encoding.js';

const limits = resolveGuardLimits({ maxItems: 50, maxStringBytes: 20 });

// Schemas nest at random, so that every kind stands before and behind every other.
const schemas = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('boolean', 'int', 'long', 'float', 'double', 'string', 'bytes'),
    tie('node').map((items) => ({ type: 'array', items })),
    tie('node').map((values) => ({ type: 'map', values })),
    tie('node').map((branch) => (Array.isArray(branch) ? branch : ['null', branch])),
    fc.tuple(fc.uuid(), fc.array(tie('node'), { minLength: 1, maxLength: 4 })).map(([id, types]) => ({
      type: 'record',
      name: `R${id.replaceAll('-', '')}`,
      fields: types.map((type, index) => ({ name: `f${index}`, type })),
    })),
    fc.tuple(fc.uuid(), fc.integer({ min: 1, max: 70 })).map(([id, count]) => ({
      type: 'enum',
      name: `E${id.replaceAll('-', '')}`,
      symbols: Array.from({ length: count }, (_, index) => `S${index}`),
    })),
  ),
})).node;

// Small bytes are counts, indices and lengths that often fit.
const bytes = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 6 }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
    ),
    { maxLength: 60 },
  )
  .map((list) => Uint8Array.from(list));

test('the generated scan never accepts what the thorough one refuses', () => {
  let accepted = 0;
  fc.assert(
    fc.property(
      schemas,
      fc.array(bytes, { minLength: 20, maxLength: 20 }),
      fc.boolean(),
      (schema, inputs, bigLongs) => {
        const graph = parseSchemaGraph({ schema: JSON.stringify(schema) });
        const smallest = smallestEncodings(graph);
        const fast = generateScan(graph, smallest, limits, bigLongs);
        const thorough = compileScan(graph, smallest, bigLongs);
        for (const input of inputs) {
          if (!fast?.(input, 0)) continue;
          accepted++;
          const cursor: ScanCursor = {
            bytes: input,
            end: input.length,
            limits,
            explaining: false,
            position: 0,
            items: 0,
            emptyItems: 0,
            depth: 0,
          };
          thorough(cursor);
          expect(cursor.position).toBe(input.length);
        }
      },
    ),
    { numRuns: 1_000, seed: 20_241_031 },
  );
  expect(accepted).toBeGreaterThan(500);
});

test('is not generated for schemas that refer to themselves, or whose items take no bytes', () => {
  const fastOf = (schema: string): unknown => {
    const graph = parseSchemaGraph({ schema });
    return generateScan(graph, smallestEncodings(graph), limits, false);
  };
  expect(fastOf('{"type":"record","name":"N","fields":[{"name":"n","type":["null","N"]}]}')).toBeUndefined();
  expect(fastOf('{"type":"array","items":"null"}')).toBeUndefined();
  expect(fastOf('{"type":"array","items":"int"}')).toBeTypeOf('function');
});
