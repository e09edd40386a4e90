import type { SchemaDefinition, SchemaToSend } from './types.js';

/** The body of a request about a schema. `AVRO` is left out, as every registry takes it for granted. */
export function definitionOf(schema: SchemaToSend): SchemaDefinition {
  const { schema: text, schemaType, references } = typeof schema === 'string' ? { schema } : schema;
  return {
    schema: text,
    ...(schemaType === undefined || schemaType === 'AVRO' ? {} : { schemaType }),
    ...(references?.length ? { references } : {}),
  };
}
