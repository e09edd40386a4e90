import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAvroCodec } from '../src/index.js';
import { fromAvroSchema } from './avro-arbitrary.js';
import { fromJsonSchema } from './json-schema-arbitrary.js';
import { schemaMappings, schemasWithDtos, withoutNulls } from './project-schemas.js';

const runs = { numRuns: 100, seed: 20_241_031 };

test('every file is mapped to a subject of its own, and has a DTO', () => {
  const files = readdirSync(new URL('../../../schemas/', import.meta.url)).filter((name) => name.endsWith('.avsc'));
  expect(schemaMappings.map((mapping) => mapping.file).sort()).toEqual(files.sort());
  expect(new Set(schemaMappings.map((mapping) => mapping.subject)).size).toBe(files.length);
  expect(schemasWithDtos.map(({ file }) => file).sort()).toEqual(files);
});

test('the four files of the specification keep their subjects and compatibility', () => {
  const mapping = Object.fromEntries(
    schemaMappings.map(({ file, subject, compatibility }) => [file, [subject, compatibility]]),
  );
  expect(mapping).toMatchObject({
    'connect_request.avsc': ['connect-requests-value', 'BACKWARD'],
    'error_event.avsc': ['error-events-value', 'BACKWARD'],
    'metrics_event.avsc': ['metrics-events-value', 'BACKWARD'],
    'ticker_data.avsc': ['ticker-data-value', 'FORWARD'],
  });
});

describe.each(schemasWithDtos)('$file', ({ schema, dto, fits }) => {
  const codec = createAvroCodec({ schema, id: 1, undeclaredFields: 'reject' });

  test('every value of the DTO travels through Avro and comes back equal', () => {
    fc.assert(
      fc.property(fromJsonSchema(dto), (value) => {
        expect(fits(value)).toBe(true);
        expect(withoutNulls(codec.decode(codec.encode(value)))).toEqual(withoutNulls(value));
      }),
      runs,
    );
  });

  test('every value of the Avro schema is one of the DTO', () => {
    fc.assert(
      fc.property(fromAvroSchema(JSON.parse(schema), dto), (value) => {
        const read = withoutNulls(codec.decode(codec.encode(value)));
        expect(fits(read)).toBe(true);
        expect(read).toEqual(withoutNulls(value));
      }),
      runs,
    );
  });
});
