export { type AsyncApiOptions, createAsyncApiDocument } from './asyncapi-document.js';
export { type Channel, channels } from './channels.js';
export { documentFiles } from './document-files.js';
export { type DtoName, dtoNames, dtoSchemas } from './dto-schemas.js';
export { createJsonSchemaDocument } from './json-schema-document.js';
