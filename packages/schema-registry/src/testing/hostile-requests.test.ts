import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEmbeddedRegistry, type EmbeddedRegistry } from './embedded-registry.js';

let registry: EmbeddedRegistry;
const failures: unknown[] = [];
beforeAll(async () => {
  const ignore = (): void => {};
  const logger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (...parts: unknown[]) => void failures.push(parts),
  };
  registry = await createEmbeddedRegistry({ logger });
});
afterAll(() => registry.close());

const word = fc.constantFrom(
  'subjects',
  'versions',
  'schemas',
  'ids',
  'config',
  'mode',
  'compatibility',
  'a',
  'b',
  '1',
  'latest',
  '-1',
  '%',
  '__proto__',
  ':.c:x',
);
const schemaText = fc.constantFrom(
  '"int"',
  '"string"',
  '{"type":"record","name":"A","fields":[]}',
  '{',
  '"X"',
  '[]',
  '["int","int"]',
);
const reference = fc.record({
  name: fc.constantFrom('A', 'X'),
  subject: fc.constantFrom('a', 'b'),
  version: fc.constantFrom<unknown>(1, -1, 'x'),
});
const body = fc.oneof(
  fc.json(),
  fc.string(),
  fc
    .record(
      {
        schema: schemaText,
        schemaType: fc.constantFrom<unknown>('AVRO', 'JSON', 7),
        references: fc.oneof(fc.array(reference, { maxLength: 2 }), fc.jsonValue()),
        id: fc.jsonValue(),
        version: fc.jsonValue(),
        compatibility: fc.constantFrom<unknown>('NONE', 'full', null, 'x'),
        mode: fc.constantFrom<unknown>('IMPORT', 'READWRITE', 3),
      },
      { requiredKeys: [] },
    )
    .map((json) => JSON.stringify(json)),
);

it('answers any request with a code of its own, and never fails inside', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH'),
      fc.array(word, { maxLength: 5 }),
      fc.constantFrom(
        '',
        '?deleted=true',
        '?permanent=true&force=true',
        '?normalize=true&verbose=true',
        '?offset=x&limit=-7',
        '?%',
      ),
      body,
      async (method, path, query, text) => {
        const response = await fetch(`${registry.url}/${path.join('/')}${query}`, {
          method,
          ...(method === 'GET' ? {} : { body: text }),
        });
        const json: unknown = await response.json();
        expect(response.status).toBeLessThan(500);
        if (response.status >= 400)
          expect(json).toMatchObject({ error_code: expect.any(Number), message: expect.any(String) });
      },
    ),
    { numRuns: 1_000 },
  );
  expect(failures).toEqual([]);
});
