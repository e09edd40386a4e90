/** A JSON value as `JSON.parse` gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type PrimitiveKind = 'null' | 'boolean' | 'int' | 'long' | 'float' | 'double' | 'bytes' | 'string';

export const primitiveKinds: ReadonlySet<string> = new Set<PrimitiveKind>([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);

interface Attributes {
  /** Attributes that Avro itself gives no meaning here: `logicalType`, `precision`, and whatever a team adds. */
  readonly properties: ReadonlyMap<string, Json>;
}

interface Named extends Attributes {
  /** Full name, with namespace: `com.example.Ticker`. */
  readonly name: string;
  /** Full names. */
  readonly aliases: readonly string[];
  readonly doc: string | undefined;
}

export interface PrimitiveSchema extends Attributes {
  readonly kind: PrimitiveKind;
}

export interface SchemaField extends Attributes {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly doc: string | undefined;
  readonly order: 'ascending' | 'descending' | 'ignore';
  readonly type: AvroSchema;
  /** Wrapped, because null is a default like any other. */
  readonly default: { readonly value: Json } | undefined;
}

export interface RecordSchema extends Named {
  readonly kind: 'record';
  /** Declared as `error`, which behaves as a record. */
  readonly isError: boolean;
  readonly fields: readonly SchemaField[];
}

export interface EnumSchema extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  readonly default: string | undefined;
}

export interface FixedSchema extends Named {
  readonly kind: 'fixed';
  /** Bytes. */
  readonly size: number;
}

export interface ArraySchema extends Attributes {
  readonly kind: 'array';
  readonly items: AvroSchema;
}

export interface MapSchema extends Attributes {
  readonly kind: 'map';
  readonly values: AvroSchema;
}

export interface UnionSchema {
  readonly kind: 'union';
  readonly branches: readonly AvroSchema[];
}

export type NamedSchema = RecordSchema | EnumSchema | FixedSchema;

/** A schema with its names resolved: a graph that is cyclic where the schema is recursive. */
export type AvroSchema = PrimitiveSchema | NamedSchema | ArraySchema | MapSchema | UnionSchema;

export function isNamed(schema: AvroSchema): schema is NamedSchema {
  return schema.kind === 'record' || schema.kind === 'enum' || schema.kind === 'fixed';
}

/** How people call the type: the full name of a named one, the kind of the others. */
export function typeName(schema: AvroSchema): string {
  return isNamed(schema) ? schema.name : schema.kind;
}

/** The name without its namespace. */
export function unqualified(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
