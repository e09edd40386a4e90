import { namespaceOf } from './names.js';
import {
  type AvroSchema,
  isNamed,
  type Json,
  type NamedSchema,
  primitiveKinds,
  type SchemaField,
  unqualified,
} from './schema.js';

export interface CanonicalTextOptions {
  /** Also sorts what has no order of its own: aliases and additional attributes. Default false. */
  readonly normalize?: boolean;
}

/**
 * One text for all spellings of a schema: fixed order of attributes, namespaces only where they change, each named type
 * defined at its first use. Unlike Avro's Parsing Canonical Form it keeps docs, aliases, defaults and logical types, as
 * schema registries do: two schemas are the same to a registry when these texts are equal.
 * Types that come from references stay names: list the names that `external` holds.
 */
export function canonicalText(
  root: AvroSchema,
  external: (name: string) => boolean = () => false,
  options: CanonicalTextOptions = {},
): string {
  const written = new Set<string>();
  const sort = options.normalize ?? false;

  const write = (schema: AvroSchema, namespace: string): Json => {
    if (schema.kind === 'union') return schema.branches.map((branch) => write(branch, namespace));
    if (isNamed(schema)) {
      if (written.has(schema.name) || external(schema.name)) return shortest(schema.name, namespace);
      written.add(schema.name);
      return writeNamed(schema, namespace);
    }
    const properties = propertiesOf(schema.properties);
    switch (schema.kind) {
      case 'array':
        return { type: 'array', items: write(schema.items, namespace), ...properties };
      case 'map':
        return { type: 'map', values: write(schema.values, namespace), ...properties };
      default:
        return schema.properties.size === 0 ? schema.kind : { type: schema.kind, ...properties };
    }
  };

  const writeNamed = (schema: NamedSchema, enclosing: string): Json => {
    const namespace = namespaceOf(schema.name);
    const head = {
      type: schema.kind === 'record' && schema.isError ? 'error' : schema.kind,
      name: unqualified(schema.name),
      ...(namespace === enclosing ? {} : { namespace }),
      ...(schema.doc === undefined ? {} : { doc: schema.doc }),
    };
    const tail = {
      ...propertiesOf(schema.properties),
      ...aliasesOf(schema.aliases.map((name) => shortest(name, namespace))),
    };
    switch (schema.kind) {
      case 'record':
        return { ...head, fields: schema.fields.map((field) => writeField(field, namespace)), ...tail };
      case 'enum':
        return {
          ...head,
          symbols: schema.symbols,
          ...(schema.default === undefined ? {} : { default: schema.default }),
          ...tail,
        };
      case 'fixed':
        return { ...head, size: schema.size, ...tail };
    }
  };

  const writeField = (field: SchemaField, namespace: string): Json => ({
    name: field.name,
    type: write(field.type, namespace),
    ...(field.doc === undefined ? {} : { doc: field.doc }),
    ...(field.default === undefined ? {} : { default: field.default.value }),
    ...(field.order === 'ascending' ? {} : { order: field.order }),
    ...propertiesOf(field.properties),
    ...aliasesOf(field.aliases),
  });

  const propertiesOf = (properties: ReadonlyMap<string, Json>): { readonly [key: string]: Json } => {
    const entries = [...properties];
    return Object.fromEntries(sort ? entries.sort(byKey) : entries);
  };

  const aliasesOf = (aliases: readonly string[]): { readonly aliases?: readonly string[] } => {
    if (aliases.length === 0) return {};
    return { aliases: sort ? aliases.toSorted() : aliases };
  };

  return JSON.stringify(write(root, ''));
}

function shortest(name: string, namespace: string): string {
  const short = unqualified(name);
  // A type without a namespace may share a primitive's spelling only when it is qualified.
  return namespaceOf(name) === namespace && !primitiveKinds.has(short) ? short : name;
}

function byKey([a]: readonly [string, Json], [b]: readonly [string, Json]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
