import type { CompatibilityLevel } from '../avro/compatibility.js';
import { type ParsedSchema, parseSchema } from '../avro/parse-schema.js';
import type { SchemaRegistryClient, SubjectVersion } from '../client/types.js';
import { SchemaRegistryError } from '../registry-error.js';

export interface HistoricVersion {
  readonly version: number;
  readonly parsed: ParsedSchema;
}

/** The versions of a subject that a level looks at, oldest first; none when the subject does not exist. */
export async function fetchHistory(
  client: SchemaRegistryClient,
  subject: string,
  level: CompatibilityLevel,
): Promise<readonly HistoricVersion[]> {
  const numbers = await orUndefined(client.versions(subject));
  const needed = level.endsWith('_TRANSITIVE') ? (numbers ?? []) : (numbers ?? []).slice(-1);
  const found = await Promise.all(needed.map((version) => orUndefined(client.version(subject, version))));
  // A version that was deleted in between is not there to compare with.
  return Promise.all(found.filter((version) => version !== undefined).map((version) => parse(client, version)));
}

/** What a subject holds now, undefined when it does not exist. */
export function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch((error: unknown) => {
    if (error instanceof SchemaRegistryError && error.status === 404) return undefined;
    throw error;
  });
}

async function parse(client: SchemaRegistryClient, found: SubjectVersion): Promise<HistoricVersion> {
  const references = await client.referencedTexts(found);
  return { version: found.version, parsed: parseSchema(found.schema, { references }) };
}
