export { createInMemorySchemaSource, type InMemorySchemaSource } from './schema-source.js';
export { type ContractCase, type SerializerSubject, serializerContract } from './serializer-contract.js';
