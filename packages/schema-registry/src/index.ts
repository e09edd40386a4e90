export {
  type Compatibility,
  type CompatibilityLevel,
  checkCompatibility,
  compatibilityLevels,
  type VersionIncompatibility,
} from './avro/compatibility.js';
export { type ParsedSchema, type ParseSchemaOptions, parseSchema } from './avro/parse-schema.js';
export {
  checkReadability,
  type Incompatibility,
  type IncompatibilityKind,
  type Readability,
  type SchemaInput,
} from './avro/readability.js';
export { createSchemaRegistryClient } from './client/client.js';
export type { SchemaRegistryClientOptions } from './client/options.js';
export { createSchemaSource, type RegistrySchemaSource, type WrittenSchema } from './client/schema-source.js';
export type { RegistryAuth } from './client/transport/authorization.js';
export type { RegistryDispatcher, RegistryTlsOptions } from './client/transport/http.js';
export type {
  RegisteredSchema,
  Registration,
  RegistryMode,
  RemoteCompatibility,
  SchemaDefinition,
  SchemaReference,
  SchemaRegistryClient,
  SchemaToSend,
  SubjectVersion,
} from './client/types.js';
export { type DirectorySchema, loadSchemaDirectory } from './directory/load-schema-directory.js';
export { type OtherLevel, type PreflightOptions, type PreflightResult, preflight } from './directory/preflight.js';
export { SchemaRegistryError, type SchemaRegistryErrorCode, type SubjectProblem } from './registry-error.js';
