import type { AvroSchemaText, SchemaSource } from '../avro/schema-source.js';

/** A source of schemas in memory that remembers what it was asked for. */
export interface InMemorySchemaSource extends SchemaSource {
  readonly asked: readonly (number | string)[];
  byGuid(guid: string): Promise<AvroSchemaText>;
}

/** @param texts `.avsc` texts by id or GUID. */
export function createInMemorySchemaSource(texts: Readonly<Record<number | string, string>>): InMemorySchemaSource {
  const asked: (number | string)[] = [];
  const find = async (key: number | string): Promise<AvroSchemaText> => {
    asked.push(key);
    const schema = Object.hasOwn(texts, key) ? texts[key] : undefined;
    if (schema === undefined) throw new Error(`schema ${key} is not in this source`);
    return { schema };
  };
  return { asked, byId: find, byGuid: find };
}
