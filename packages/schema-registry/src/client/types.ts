import type { CompatibilityLevel } from '../avro/compatibility.js';

/** Another schema that a schema uses by name. */
export interface SchemaReference {
  /** Full name of the type that is used. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

export interface SchemaDefinition {
  /** The original text, docs and logical types included. */
  readonly schema: string;
  /** `AVRO` by default. */
  readonly schemaType?: string | undefined;
  readonly references?: readonly SchemaReference[] | undefined;
}

/** A schema to send: its text, or its text with references. */
export type SchemaToSend = string | SchemaDefinition;

export interface RegisteredSchema extends Required<SchemaDefinition> {
  readonly id: number;
  readonly guid?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface SubjectVersion extends RegisteredSchema {
  readonly subject: string;
  readonly version: number;
}

export interface Registration {
  readonly id: number;
  /** Registries of older make and other brands answer with the id alone. */
  readonly version?: number;
  readonly guid?: string;
}

export type RegistryMode = 'READWRITE' | 'READONLY' | 'READONLY_OVERRIDE' | 'IMPORT' | 'FORWARD';

export interface CallOptions {
  /** Ends the wait of this caller. Others who wait for the same answer still get it. */
  readonly signal?: AbortSignal;
}

export interface NormalizeOption extends CallOptions {
  /** Compare and store schemas without regard to the order of attributes, aliases and references. Default false. */
  readonly normalize?: boolean;
}

export interface DeletedOption extends CallOptions {
  /** Include what is soft-deleted. Default false. */
  readonly deleted?: boolean;
}

export interface PageOptions extends DeletedOption {
  readonly subjectPrefix?: string;
  readonly offset?: number;
  /** Largest number of answers; all by default. */
  readonly limit?: number;
}

export interface PermanentOption extends CallOptions {
  /** Delete for good what is soft-deleted already. Default false. */
  readonly permanent?: boolean;
}

export interface GlobalOption extends CallOptions {
  /** Answer with the global setting when the subject has none. Default false, which is an error then. */
  readonly defaultToGlobal?: boolean;
}

export interface RemoteCompatibility {
  readonly compatible: boolean;
  /** The registry's reasons; empty where it gives none. */
  readonly messages: readonly string[];
}

/** Everything rejects with `SchemaRegistryError`. Subjects are encoded; any characters may occur in them. */
export interface SchemaRegistryClient extends AsyncDisposable {
  /**
   * Registers a schema, or finds that it is registered already. Never touches the subject's compatibility level.
   * Answers are remembered.
   * @throws `incompatible`, `invalid_schema`, `operation_not_permitted`.
   */
  register(subject: string, schema: SchemaToSend, options?: NormalizeOption): Promise<Registration>;
  /** The version under which exactly this schema stands in the subject. Remembered. */
  lookup(subject: string, schema: SchemaToSend, options?: NormalizeOption & DeletedOption): Promise<SubjectVersion>;
  /** Remembered for good: ids never change their meaning. `subject` helps registries with several contexts. */
  schemaById(id: number, options?: CallOptions & { readonly subject?: string }): Promise<RegisteredSchema>;
  schemaByGuid(guid: string, options?: CallOptions): Promise<RegisteredSchema>;
  /** The newest version of a subject, remembered for `latestTtlMs`. */
  latest(subject: string, options?: CallOptions): Promise<SubjectVersion>;
  /** One version. Remembered for good. */
  version(subject: string, version: number, options?: DeletedOption): Promise<SubjectVersion>;
  /**
   * Texts of everything that a schema refers to, each after what it uses itself: what parsers want before the schema.
   * @throws `cyclic_reference`.
   */
  referencedTexts(schema: Pick<SchemaDefinition, 'references'>, options?: CallOptions): Promise<readonly string[]>;

  /** The text alone, as the registry stores it. Not remembered. */
  schemaText(
    of: number | { readonly subject: string; readonly version: number | 'latest' },
    options?: CallOptions,
  ): Promise<string>;
  schemas(options?: PageOptions & { readonly latestOnly?: boolean }): Promise<readonly SubjectVersion[]>;
  schemaTypes(options?: CallOptions): Promise<readonly string[]>;
  subjectsOf(id: number, options?: DeletedOption): Promise<readonly string[]>;
  versionsOf(
    id: number,
    options?: DeletedOption,
  ): Promise<readonly { readonly subject: string; readonly version: number }[]>;
  subjects(options?: PageOptions): Promise<readonly string[]>;
  versions(subject: string, options?: DeletedOption): Promise<readonly number[]>;
  /** Ids of the schemas that refer to this version. */
  referencedBy(subject: string, version: number | 'latest', options?: CallOptions): Promise<readonly number[]>;
  contexts(options?: CallOptions): Promise<readonly string[]>;

  /** The versions that were deleted. */
  deleteSubject(subject: string, options?: PermanentOption): Promise<readonly number[]>;
  /** The version that was deleted. */
  deleteVersion(subject: string, version: number | 'latest', options?: PermanentOption): Promise<number>;

  /** The registry's own verdict, by the level it has for the subject, or against one version. */
  checkCompatibility(
    subject: string,
    schema: SchemaToSend,
    options?: NormalizeOption & { readonly version?: number | 'latest' },
  ): Promise<RemoteCompatibility>;
  /** The level of a subject, or the global one. */
  compatibilityLevel(subject?: string, options?: GlobalOption): Promise<CompatibilityLevel>;
  setCompatibilityLevel(level: CompatibilityLevel, subject?: string, options?: CallOptions): Promise<void>;
  /** Back to the global level, or, without subject, to the registry's own default. */
  clearCompatibilityLevel(subject?: string, options?: CallOptions): Promise<void>;
  mode(subject?: string, options?: GlobalOption): Promise<RegistryMode>;
  setMode(mode: RegistryMode, subject?: string, options?: CallOptions & { readonly force?: boolean }): Promise<void>;
  clearMode(subject: string, options?: CallOptions): Promise<void>;

  /** Ends requests under way and closes connections. What would have to be asked after it rejects with `closed`. */
  close(): Promise<void>;
}
