import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describePython } from '@naru/test-services';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAvroCodec } from '../src/index.js';
import { fromAvroSchema } from './avro-arbitrary.js';
import { schemasWithDtos, withoutNulls } from './project-schemas.js';

const script = fileURLToPath(new URL('./python/transcode.py', import.meta.url));
const valuesEach = 100;

interface Answer {
  readonly values: readonly unknown[];
  readonly bodies: readonly string[];
}

function transcode(python: string, module: string, schema: string, bodies: readonly Buffer[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = execFile(python, [script, module], { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${module} failed: ${stderr.slice(-2_000)}`, { cause: error }));
      else resolve(JSON.parse(stdout) as Answer);
    });
    child.stdin!.end(`${JSON.stringify({ schema, bodies: bodies.map((body) => body.toString('base64')) })}\n`);
  });
}

/** Python sees the text of JSON fields; read here as what the text says. */
function parseTexts(expected: unknown, found: unknown): unknown {
  if (typeof found === 'string' && typeof expected === 'object' && expected !== null) return JSON.parse(found);
  if (Array.isArray(found) && Array.isArray(expected))
    return found.map((item, index) => parseTexts(expected[index], item));
  if (typeof found !== 'object' || found === null || typeof expected !== 'object' || expected === null) return found;
  const fields = expected as Record<string, unknown>;
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, parseTexts(fields[name], value)]));
}

for (const [module, howToGet] of [
  ['fastavro', 'pip install fastavro'],
  ['avro', 'pip install avro'],
] as const) {
  describePython(`with Python's ${module}`, module, howToGet, (python) => {
    test.each(schemasWithDtos)('$file: each reads what the other wrote', async ({ schema, dto }) => {
      const values = fc.sample(fromAvroSchema(JSON.parse(schema), dto), { numRuns: valuesEach, seed: 77 });
      const codec = createAvroCodec({ schema, id: 1, frame: 'none' });
      const answer = await transcode(
        python,
        module,
        schema,
        values.map((value) => codec.encode(value)),
      );
      expect(answer.values).toHaveLength(valuesEach);
      values.forEach((value, index) => {
        expect(withoutNulls(parseTexts(value, answer.values[index]))).toEqual(withoutNulls(value));
        const readBack = codec.decode(Buffer.from(answer.bodies[index]!, 'base64'));
        expect(withoutNulls(readBack)).toEqual(withoutNulls(value));
      });
    });
  });
}
