import fc from 'fast-check';
import { fromAvroSchema } from './avro-arbitrary.js';
import { schemasWithDtos } from './project-schemas.js';

export interface StormSubject {
  readonly file: string;
  readonly schema: string;
  readonly samples: readonly unknown[];
}

const everyKind = JSON.stringify({
  type: 'record',
  name: 'EveryKind',
  fields: [
    { name: 'nulls', type: { type: 'array', items: 'null' } },
    { name: 'next', type: ['null', 'EveryKind'] },
    { name: 'maps', type: { type: 'map', values: { type: 'array', items: ['null', 'string', 'long'] } } },
    { name: 'enum', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B', 'C'] } },
    { name: 'fixed', type: { type: 'fixed', name: 'Four', size: 4 } },
    { name: 'bytes', type: 'bytes' },
    { name: 'wrapped', type: ['null', 'int', 'double'] },
    { name: 'flags', type: { type: 'array', items: 'boolean' } },
    { name: 'json', type: { type: 'string', logicalType: 'json' } },
  ],
});

const leaf = {
  nulls: [null, null],
  next: null,
  maps: { a: ['x', 5, null], b: [] },
  enum: 'B',
  fixed: Buffer.of(1, 2, 3, 4),
  bytes: Buffer.from('bytes'),
  wrapped: { double: 1.5 },
  flags: [true, false],
  json: { a: [1, { b: null }] },
};

/** Every schema of the project, and one that has all that a schema can have. */
export const stormSubjects: readonly StormSubject[] = [
  ...schemasWithDtos.map(({ file, schema, dto }) => ({
    file,
    schema,
    samples: fc.sample(fromAvroSchema(JSON.parse(schema), dto), { numRuns: 40, seed: 5 }),
  })),
  { file: 'a schema with everything', schema: everyKind, samples: [leaf, { ...leaf, next: { ...leaf, next: leaf } }] },
];
