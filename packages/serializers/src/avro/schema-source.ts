/** A schema as a registry keeps it. */
export interface AvroSchemaText {
  /** The original `.avsc` text. A type printed by avsc has lost its logical types: never pass that. */
  readonly schema: string;
  /** Texts of the schemas that define the names this one refers to, dependencies first. */
  readonly references?: readonly string[];
}

/** Where decoders get the schemas of writers they do not know. A registry client fits, or a map in a test. */
export interface SchemaSource {
  byId(id: number): Promise<AvroSchemaText>;
  /** Needed only for messages that carry their schema's GUID in a header. */
  byGuid?(guid: string): Promise<AvroSchemaText>;
}
