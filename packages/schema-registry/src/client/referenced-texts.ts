import { SchemaRegistryError } from '../registry-error.js';
import type { SchemaDefinition, SchemaReference, SubjectVersion } from './types.js';

/** Follows references depth first, so that each text comes after what it uses. */
export async function collectReferencedTexts(
  schema: Pick<SchemaDefinition, 'references'>,
  fetchVersion: (subject: string, version: number) => Promise<SubjectVersion>,
): Promise<readonly string[]> {
  const texts = new Map<string, string>();
  const path: string[] = [];

  async function visit(references: readonly SchemaReference[] | undefined): Promise<void> {
    for (const { subject, version } of references ?? []) {
      const key = `${subject} version ${version}`;
      if (texts.has(key)) continue;
      if (path.includes(key)) {
        throw new SchemaRegistryError(
          `The references go in a circle: ${[...path, key].join(' → ')}. Register the schemas without it.`,
          { code: 'cyclic_reference' },
        );
      }
      path.push(key);
      const found = await fetchVersion(subject, version);
      await visit(found.references);
      path.pop();
      texts.set(key, found.schema);
    }
  }

  await visit(schema.references);
  return [...texts.values()];
}
