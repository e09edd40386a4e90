import { createAsyncApiDocument } from './asyncapi-document.js';
import { dtoNames } from './dto-schemas.js';
import { createJsonSchemaDocument } from './json-schema-document.js';

/** The files of the folder `generated`, by their path in it. */
export function documentFiles(): Readonly<Record<string, string>> {
  const text = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;
  return {
    'asyncapi.json': text(createAsyncApiDocument()),
    ...Object.fromEntries(
      dtoNames.map((name) => [`json-schema/${name}.schema.json`, text(createJsonSchemaDocument(name))]),
    ),
  };
}
