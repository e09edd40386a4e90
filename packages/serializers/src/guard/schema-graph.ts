import type { AvroSchemaText } from '../avro/schema-source.js';
import { SerializationError } from '../serialization-error.js';

/** A schema reduced to how its values lie in memory. Records may contain themselves. */
export type SchemaNode =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'int' }
  | { readonly kind: 'long' }
  | { readonly kind: 'string'; readonly isJson: boolean }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'enum'; readonly symbols: number }
  | { readonly kind: 'array'; readonly items: SchemaNode }
  | { readonly kind: 'map'; readonly values: SchemaNode }
  | { readonly kind: 'union'; readonly branches: readonly SchemaNode[] }
  | RecordNode;

export interface RecordNode {
  readonly kind: 'record';
  readonly fields: readonly { readonly name: string; readonly node: SchemaNode }[];
}

const primitives: ReadonlyMap<string, SchemaNode> = new Map<string, SchemaNode>([
  ['null', { kind: 'fixed', bytes: 0 }],
  ['boolean', { kind: 'boolean' }],
  ['int', { kind: 'int' }],
  ['long', { kind: 'long' }],
  ['float', { kind: 'fixed', bytes: 4 }],
  ['double', { kind: 'fixed', bytes: 8 }],
  ['string', { kind: 'string', isJson: false }],
  ['bytes', { kind: 'bytes' }],
]);

interface Definition {
  readonly type?: unknown;
  readonly name?: string;
  readonly namespace?: string;
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
  readonly symbols?: readonly string[];
  readonly size?: number;
  readonly items?: unknown;
  readonly values?: unknown;
  readonly logicalType?: unknown;
}

/** Reads a schema that avsc has already accepted. */
export function parseSchemaGraph(text: AvroSchemaText): SchemaNode {
  const named = new Map<string, SchemaNode>();
  for (const reference of text.references ?? []) parseText(reference, named);
  return parseText(text.schema, named);
}

function parseText(text: string, named: Map<string, SchemaNode>): SchemaNode {
  return parseNode(/^[a-z]+$/.test(text) ? text : (JSON.parse(text) as unknown), undefined, named);
}

function parseNode(schema: unknown, namespace: string | undefined, named: Map<string, SchemaNode>): SchemaNode {
  if (typeof schema === 'string') {
    const found = primitives.get(schema) ?? named.get(qualify(schema, namespace)) ?? named.get(schema);
    if (!found) throw unusable(`the name "${schema}" is not defined`);
    return found;
  }
  if (Array.isArray(schema)) {
    return { kind: 'union', branches: schema.map((branch) => parseNode(branch, namespace, named)) };
  }
  const definition = (schema ?? {}) as Definition;
  const { type } = definition;
  if (typeof type !== 'string') return parseNode(type, namespace, named);

  const name = definition.name === undefined ? undefined : qualify(definition.name, definition.namespace ?? namespace);
  const define = <N extends SchemaNode>(node: N): N => {
    if (name !== undefined) named.set(name, node);
    return node;
  };
  switch (type) {
    case 'record':
    case 'error': {
      const fields: { name: string; node: SchemaNode }[] = [];
      const record = define<RecordNode>({ kind: 'record', fields });
      const inner = name?.includes('.') ? name.slice(0, name.lastIndexOf('.')) : undefined;
      for (const field of definition.fields ?? []) {
        fields.push({ name: field.name, node: parseNode(field.type, inner, named) });
      }
      return record;
    }
    case 'enum':
      return define({ kind: 'enum', symbols: definition.symbols?.length ?? 0 });
    case 'fixed':
      return define({ kind: 'fixed', bytes: definition.size ?? 0 });
    case 'array':
      return { kind: 'array', items: parseNode(definition.items, namespace, named) };
    case 'map':
      return { kind: 'map', values: parseNode(definition.values, namespace, named) };
    case 'string':
      return { kind: 'string', isJson: definition.logicalType === 'json' };
    default:
      return parseNode(type, namespace, named);
  }
}

function qualify(name: string, namespace: string | undefined): string {
  return name.includes('.') || !namespace ? name : `${namespace}.${name}`;
}

function unusable(reason: string): SerializationError {
  return new SerializationError(`The Avro schema cannot be used: ${reason}. Mend the schema.`, {
    code: 'invalid_schema',
  });
}
