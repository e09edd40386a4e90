import { type DtoName, dtoSchemas } from './dto-schemas.js';

/** A DTO as a JSON Schema (draft 7) of its own, for checks outside TypeScript. */
export function createJsonSchemaDocument(name: DtoName): Record<string, unknown> {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `urn:naru:${name}`,
    title: name,
    ...plainSchema(name),
  };
}

/** The schema as plain data: TypeBox keeps notes of its own beside it. */
export function plainSchema(name: DtoName): Record<string, unknown> {
  return JSON.parse(JSON.stringify(dtoSchemas[name])) as Record<string, unknown>;
}
