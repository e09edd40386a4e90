import {
  type AvroSchema,
  isNamed,
  type Json,
  type NamedSchema,
  type RecordSchema,
  type SchemaField,
  typeName,
  type UnionSchema,
} from './schema.js';

export interface SchemaChange {
  /** JSON pointer in words: fields by name, such as `/fields/price/type`. */
  readonly location: string;
  /** What was there; undefined for what was added. */
  readonly before: string | undefined;
  /** What is there now; undefined for what was removed. */
  readonly after: string | undefined;
}

/** What is different in two schemas, docs and order included, whether or not it matters to compatibility. */
export function diffSchemas(before: AvroSchema, after: AvroSchema): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  const seen = new Set<AvroSchema>();

  const report = (location: string, was: string | undefined, is: string | undefined): void => {
    if (was !== is) changes.push({ location, before: was, after: is });
  };

  const walk = (was: AvroSchema, is: AvroSchema, at: string): void => {
    if (was.kind === 'union' && is.kind === 'union') walkUnion(was, is, at);
    else if (was.kind === 'union' || is.kind === 'union' || was.kind !== is.kind)
      report(at || '/', summary(was), summary(is));
    // A type that is used again was compared where it was defined.
    else if (isNamed(was) && isNamed(is) && seen.has(is)) report(at, was.name, is.name);
    else {
      if (isNamed(was) && isNamed(is)) walkNamed(was, is, at);
      if (was.kind === 'array' && is.kind === 'array') walk(was.items, is.items, `${at}/items`);
      if (was.kind === 'map' && is.kind === 'map') walk(was.values, is.values, `${at}/values`);
      walkProperties(was.properties, is.properties, at);
    }
  };

  const walkUnion = (was: UnionSchema, is: UnionSchema, at: string): void => {
    const [old, now] = [branchesOf(was), branchesOf(is)];
    report(`${at}/order`, ...orderOf([...old.keys()], [...now.keys()]));
    walkKeyed(old, now, at, summary, walk);
  };

  const walkNamed = (was: NamedSchema, is: NamedSchema, at: string): void => {
    seen.add(is);
    report(`${at}/name`, was.name, is.name);
    report(`${at}/doc`, was.doc, is.doc);
    report(`${at}/aliases`, listed(was.aliases), listed(is.aliases));
    if (was.kind === 'fixed' && is.kind === 'fixed') report(`${at}/size`, String(was.size), String(is.size));
    if (was.kind === 'enum' && is.kind === 'enum') {
      report(`${at}/symbols`, listed(was.symbols), listed(is.symbols));
      report(`${at}/default`, was.default, is.default);
    }
    if (was.kind === 'record' && is.kind === 'record') {
      const [old, now] = [fieldsOf(was), fieldsOf(is)];
      report(`${at}/fields`, ...orderOf([...old.keys()], [...now.keys()]));
      walkKeyed(old, now, `${at}/fields`, fieldSummary, walkField);
    }
  };

  const walkField = (was: SchemaField, is: SchemaField, at: string): void => {
    walk(was.type, is.type, `${at}/type`);
    report(`${at}/default`, defaultOf(was), defaultOf(is));
    report(`${at}/doc`, was.doc, is.doc);
    report(`${at}/aliases`, listed(was.aliases), listed(is.aliases));
    report(`${at}/order`, was.order, is.order);
    walkProperties(was.properties, is.properties, at);
  };

  const walkProperties = (was: ReadonlyMap<string, Json>, is: ReadonlyMap<string, Json>, at: string): void => {
    for (const key of new Set([...was.keys(), ...is.keys()]))
      report(`${at}/${key}`, text(was.get(key)), text(is.get(key)));
  };

  function walkKeyed<T>(
    was: ReadonlyMap<string, T>,
    is: ReadonlyMap<string, T>,
    at: string,
    show: (item: T) => string,
    compare: (was: T, is: T, at: string) => void,
  ): void {
    for (const [key, item] of was) if (!is.has(key)) report(`${at}/${key}`, show(item), undefined);
    for (const [key, item] of is) {
      const old = was.get(key);
      if (old === undefined) report(`${at}/${key}`, undefined, show(item));
      else compare(old, item, `${at}/${key}`);
    }
  }

  walk(before, after, '');
  return changes;
}

function branchesOf(union: UnionSchema): ReadonlyMap<string, AvroSchema> {
  return new Map(union.branches.map((branch) => [typeName(branch), branch]));
}

function fieldsOf(record: RecordSchema): ReadonlyMap<string, SchemaField> {
  return new Map(record.fields.map((field) => [field.name, field]));
}

function fieldSummary(field: SchemaField): string {
  return field.default ? `${summary(field.type)} = ${defaultOf(field)}` : summary(field.type);
}

function summary(schema: AvroSchema): string {
  switch (schema.kind) {
    case 'array':
      return `array of ${summary(schema.items)}`;
    case 'map':
      return `map of ${summary(schema.values)}`;
    case 'union':
      return `[${schema.branches.map(summary).join(', ')}]`;
    default:
      return typeName(schema);
  }
}

function defaultOf(field: SchemaField): string | undefined {
  return field.default && JSON.stringify(field.default.value);
}

function text(value: Json | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value);
}

function listed(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : items.join(', ');
}

/** Both orders of what is in both, equal when nothing moved. */
function orderOf(was: readonly string[], is: readonly string[]): [string, string] {
  const common = (items: readonly string[], others: readonly string[]): string =>
    items.filter((item) => others.includes(item)).join(', ');
  return [common(was, is), common(is, was)];
}
