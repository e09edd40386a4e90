import avro from 'avsc';
import { SerializationError } from '../serialization-error.js';
import { createBigIntLongType } from './bigint-long-type.js';
import { fastDoubles } from './doubles-type.js';
import { ownKeysMap, ownSymbolsEnum } from './enum-and-map-types.js';
import { createExactLongType } from './exact-long-type.js';
import type { TypeInternals } from './extend-type.js';
import { JsonTextType } from './json-text-type.js';
import type { AvroSchemaText } from './schema-source.js';
import { createRepeatingStringType } from './string-type.js';
import { fastUnion } from './union-type.js';

/** A class that converts between an Avro type and what a program wants to see; avsc's `types.LogicalType`. */
export type LogicalTypeClass = new (schema: avro.Schema, options?: unknown) => avro.types.LogicalType;

export interface CompileOptions {
  /** How Avro longs appear. `number` refuses those beyond ±(2^53 − 2). Default: number. */
  readonly longs?: 'number' | 'bigint';
  /** Logical types by name, besides `json`. They must be registered under the text that declares them. */
  readonly logicalTypes?: Readonly<Record<string, LogicalTypeClass>>;
}

interface CompileRequest extends CompileOptions {
  /** For writing, absent nullable fields are null whether or not the schema has a default for them. */
  readonly purpose: 'read' | 'write';
}

type SchemaNode = string | SchemaNode[] | { [key: string]: unknown };

/** Compiles a schema's text. Throws `invalid_schema`. */
export function compileType(text: AvroSchemaText, request: CompileRequest): TypeInternals {
  const registry: Record<string, avro.Type> = Object.create(null);
  registry.string = createRepeatingStringType();
  registry.long = request.longs === 'bigint' ? createBigIntLongType() : createExactLongType();
  const options = {
    registry,
    logicalTypes: { json: JsonTextType, ...request.logicalTypes },
    typeHook: createTypeHook(),
  };
  for (const reference of text.references ?? []) compileOne(reference, options, request.purpose);
  return compileOne(text.schema, options, request.purpose);
}

type ForSchemaOptions = NonNullable<Parameters<typeof avro.Type.forSchema>[1]>;

function compileOne(text: string, options: ForSchemaOptions, purpose: CompileRequest['purpose']): TypeInternals {
  let node: SchemaNode;
  try {
    // A primitive may be written bare: `string` as well as `"string"`.
    node = /^[a-z]+$/.test(text) ? text : (JSON.parse(text) as SchemaNode);
  } catch (error) {
    throw new SerializationError('The Avro schema is not JSON. Pass the text of an .avsc file.', {
      code: 'invalid_schema',
      cause: error,
    });
  }
  try {
    const schema = purpose === 'write' ? withoutNullDefaults(node) : node;
    return avro.Type.forSchema(schema as avro.Schema, options) as TypeInternals;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SerializationError(`The Avro schema cannot be used: ${reason}. Mend the schema.`, {
      code: 'invalid_schema',
      cause: error,
    });
  }
}

// avsc writes a default by converting it from a string each time; our unions write an absent value faster. The
// bytes are the same.
function withoutNullDefaults(node: SchemaNode): SchemaNode {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map(withoutNullDefaults);
  const copy: Record<string, unknown> = { ...node };
  if (Array.isArray(copy.fields)) {
    copy.fields = (copy.fields as Record<string, SchemaNode>[]).map((field) => {
      const { default: fallback, ...rest } = field as { default?: unknown; type: SchemaNode };
      const isDropped = fallback === undefined || (fallback === null && isNullable(rest.type));
      return { ...rest, ...(!isDropped && { default: fallback }), type: withoutNullDefaults(rest.type) };
    });
  }
  for (const inner of ['items', 'values', 'type'] as const) {
    if (typeof copy[inner] === 'object' && copy[inner] !== null)
      copy[inner] = withoutNullDefaults(copy[inner] as SchemaNode);
  }
  return copy;
}

// Only this form is rewritten by fastUnion, which writes an absent value as null.
function isNullable(type: SchemaNode): boolean {
  return Array.isArray(type) && type.length === 2 && type.includes('null');
}

type TypeHook = NonNullable<ForSchemaOptions['typeHook']>;

function createTypeHook(): TypeHook {
  // avsc asks again for the type that the hook itself is building.
  const building = new Set<unknown>();
  return (schema, options) => {
    if (typeof schema !== 'object' || building.has(schema)) return undefined;
    const kind = Array.isArray(schema) ? 'union' : (schema as { type?: unknown; logicalType?: unknown }).type;
    const isDoubles = kind === 'array' && (schema as { items?: unknown }).items === 'double';
    if (kind !== 'union' && kind !== 'enum' && kind !== 'map' && !isDoubles) return undefined;
    if (!Array.isArray(schema) && 'logicalType' in schema) return undefined;
    building.add(schema);
    try {
      const type = avro.Type.forSchema(schema, options) as TypeInternals;
      if (kind === 'union') return fastUnion(type);
      if (kind === 'map') return ownKeysMap(type);
      if (isDoubles) return fastDoubles(type);
      const own = ownSymbolsEnum(type);
      if (own.name !== undefined) options.registry[own.name] = own;
      return own;
    } finally {
      building.delete(schema);
    }
  };
}
