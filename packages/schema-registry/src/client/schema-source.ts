import type { RegisteredSchema, SchemaRegistryClient } from './types.js';

/** A schema with everything that a parser needs to make sense of it. */
export interface WrittenSchema {
  readonly schema: string;
  /** Texts of what it refers to, each after what it uses itself. */
  readonly references: readonly string[];
}

/** Where decoders get the schemas that messages were written with. */
export interface RegistrySchemaSource {
  byId(id: number): Promise<WrittenSchema>;
  byGuid(guid: string): Promise<WrittenSchema>;
}

/** A client as the source of a deserializer, such as that of `@naru/serializers`. It remembers what the client does. */
export function createSchemaSource(
  client: Pick<SchemaRegistryClient, 'schemaById' | 'schemaByGuid' | 'referencedTexts'>,
): RegistrySchemaSource {
  const whole = async (found: RegisteredSchema): Promise<WrittenSchema> => ({
    schema: found.schema,
    references: await client.referencedTexts(found),
  });
  return {
    byId: async (id) => whole(await client.schemaById(id)),
    byGuid: async (guid) => whole(await client.schemaByGuid(guid)),
  };
}
