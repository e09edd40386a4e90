import { SchemaRegistryError } from '../registry-error.js';
import { defaultValueProblem, isJsonObject } from './default-value.js';
import { isName, isNamespace, isSimpleName, namespaceOf, qualify, SchemaNames } from './names.js';
import {
  type AvroSchema,
  type EnumSchema,
  type FixedSchema,
  type Json,
  type NamedSchema,
  type PrimitiveKind,
  primitiveKinds,
  type RecordSchema,
  type SchemaField,
  typeName,
  type UnionSchema,
} from './schema.js';

/** A schema that was read, checked, and had its names resolved. */
export interface ParsedSchema {
  /** The text as it was given. Register this, never something re-written from the parsed form. */
  readonly text: string;
  readonly root: AvroSchema;
  /** Named types that the text itself defines, by full name. */
  readonly defined: ReadonlyMap<string, NamedSchema>;
}

export interface ParseSchemaOptions {
  /** Texts whose named types the schema uses, each after those it uses itself. */
  readonly references?: readonly string[] | undefined;
}

/** Deeper nesting of brackets than this is refused: real schemas have less than 50, and each level costs stack. */
const maxNesting = 500;

/**
 * Reads an Avro schema strictly: names, symbols, unions and defaults are checked as the specification asks.
 * @throws SchemaRegistryError `invalid_schema`, with the JSON pointer of the problem.
 */
export function parseSchema(text: string, options: ParseSchemaOptions = {}): ParsedSchema {
  const names = new SchemaNames();
  for (const reference of options.references ?? []) new SchemaReader(names).read(reference);
  const reader = new SchemaReader(names);
  const root = reader.read(text);
  return { text, root, defined: reader.defined };
}

type JsonObject = { readonly [key: string]: Json };

class SchemaReader {
  readonly defined: Map<string, NamedSchema> = new Map();
  readonly #names: SchemaNames;
  readonly #path: string[] = [];
  /** Defaults are checked at the end, when recursive types are whole. */
  readonly #defaults: { readonly path: string; readonly type: AvroSchema; readonly value: Json }[] = [];

  constructor(names: SchemaNames) {
    this.#names = names;
  }

  read(text: string): AvroSchema {
    if (text.trim() === '') throw invalid('the text is empty', '/');
    if (nestingOf(text) > maxNesting) throw invalid(`brackets nest deeper than ${maxNesting}`, '/');
    const root = this.#schema(parseJson(text), '');
    for (const { path, type, value } of this.#defaults) {
      const problem = defaultValueProblem(type, value);
      if (problem) throw invalid(`the default does not fit: ${problem}`, path);
    }
    return root;
  }

  #schema(json: Json | undefined, namespace: string): AvroSchema {
    if (typeof json === 'string') return this.#named(json, namespace);
    if (Array.isArray(json)) return this.#union(json, namespace);
    if (!isJsonObject(json)) return this.#refuse('a schema is a name, an object or an array of schemas');
    return this.#object(json, namespace);
  }

  #object(json: JsonObject, namespace: string): AvroSchema {
    const type = json.type;
    if (typeof type !== 'string') {
      return this.#refuse(
        type === undefined ? '"type" is missing' : '"type" is not a name; unwrap it, one level is too many',
      );
    }
    switch (type) {
      case 'record':
      case 'error':
        return this.#record(json, namespace, type === 'error');
      case 'enum':
        return this.#enum(json, namespace);
      case 'fixed':
        return this.#fixed(json, namespace);
      case 'array': {
        const items = this.#at('items', () => this.#schema(json.items, namespace));
        return { kind: 'array', items, properties: propertiesOf(json, ['type', 'items']) };
      }
      case 'map': {
        const values = this.#at('values', () => this.#schema(json.values, namespace));
        return { kind: 'map', values, properties: propertiesOf(json, ['type', 'values']) };
      }
    }
    if (primitiveKinds.has(type)) return { kind: type as PrimitiveKind, properties: propertiesOf(json, ['type']) };
    return this.#named(type, namespace);
  }

  #named(name: string, namespace: string): AvroSchema {
    if (primitiveKinds.has(name)) return { kind: name as PrimitiveKind, properties: new Map() };
    const schema = this.#names.find(name, namespace);
    if (schema) return schema;
    return this.#refuse(`"${name}" is no type: define it before its first use, or pass it as a reference`);
  }

  #union(json: readonly Json[], namespace: string): UnionSchema {
    const branches = json.map((branch, index) => this.#at(String(index), () => this.#schema(branch, namespace)));
    const seen = new Set<string>();
    for (const branch of branches) {
      if (branch.kind === 'union') this.#refuse('a union may not hold another union directly');
      const name = typeName(branch);
      if (seen.has(name)) this.#refuse(`the union has ${name} twice`);
      seen.add(name);
    }
    return { kind: 'union', branches };
  }

  #record(json: JsonObject, namespace: string, isError: boolean): RecordSchema {
    const header = this.#header(json, namespace);
    const fields: SchemaField[] = [];
    const properties = propertiesOf(json, [...headerKeys, 'fields']);
    const record: RecordSchema = { kind: 'record', ...header, isError, fields, properties };
    this.#define(record);
    if (!Array.isArray(json.fields)) return this.#refuse(`${record.name} has no "fields"`);
    const own = namespaceOf(record.name);
    const seen = new Set<string>();
    this.#at('fields', () => {
      for (const [index, fieldJson] of (json.fields as readonly Json[]).entries()) {
        const field = this.#at(String(index), () => this.#field(fieldJson, own));
        if (seen.has(field.name)) this.#refuse(`${record.name} has the field "${field.name}" twice`);
        seen.add(field.name);
        fields.push(field);
      }
    });
    return record;
  }

  #field(json: Json, namespace: string): SchemaField {
    if (!isJsonObject(json)) return this.#refuse('a field is an object');
    const name = json.name;
    if (!isSimpleName(name)) {
      return this.#refuse(`${JSON.stringify(name)} is no field name: letters, digits and _, not starting with a digit`);
    }
    const order = json.order ?? 'ascending';
    if (order !== 'ascending' && order !== 'descending' && order !== 'ignore') {
      return this.#refuse(`"order" of ${name} is ascending, descending or ignore`);
    }
    const type = this.#at('type', () => this.#schema(json.type, namespace));
    const value = json.default;
    if (value !== undefined) this.#defaults.push({ path: this.#pointer('default'), type, value });
    return {
      name,
      aliases: this.#strings(json.aliases, 'aliases') ?? [],
      doc: typeof json.doc === 'string' ? json.doc : undefined,
      order,
      type,
      default: value === undefined ? undefined : { value },
      properties: propertiesOf(json, ['name', 'aliases', 'doc', 'order', 'type', 'default']),
    };
  }

  #enum(json: JsonObject, namespace: string): EnumSchema {
    const header = this.#header(json, namespace);
    const symbols = this.#strings(json.symbols, 'symbols') ?? this.#refuse(`${header.name} has no "symbols"`);
    const seen = new Set<string>();
    for (const symbol of symbols) {
      if (!isSimpleName(symbol)) this.#refuse(`"${symbol}" is no enum symbol`, 'symbols');
      if (seen.has(symbol)) this.#refuse(`${header.name} has the symbol "${symbol}" twice`, 'symbols');
      seen.add(symbol);
    }
    const value = json.default;
    if (value !== undefined && (typeof value !== 'string' || !seen.has(value))) {
      this.#refuse(`the default ${JSON.stringify(value)} is not one of the symbols`, 'default');
    }
    const schema: EnumSchema = {
      kind: 'enum',
      ...header,
      symbols,
      default: value as string | undefined,
      properties: propertiesOf(json, [...headerKeys, 'symbols', 'default']),
    };
    this.#define(schema);
    return schema;
  }

  #fixed(json: JsonObject, namespace: string): FixedSchema {
    const header = this.#header(json, namespace);
    const size = json.size;
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
      return this.#refuse(`"size" of ${header.name} is a number of bytes, not ${JSON.stringify(size)}`);
    }
    const schema: FixedSchema = {
      kind: 'fixed',
      ...header,
      size,
      properties: propertiesOf(json, [...headerKeys, 'size']),
    };
    this.#define(schema);
    return schema;
  }

  #header(json: JsonObject, enclosing: string): Pick<NamedSchema, 'name' | 'aliases' | 'doc'> {
    const { name, namespace } = json;
    if (!isName(name)) {
      return this.#refuse(`${JSON.stringify(name)} is no name: letters, digits and _, parts separated by dots`);
    }
    if (namespace !== undefined && !isNamespace(namespace)) {
      return this.#refuse(`${JSON.stringify(namespace)} is no namespace`);
    }
    const full = qualify(name, namespace ?? enclosing);
    if (primitiveKinds.has(full)) return this.#refuse(`"${full}" is a primitive type and cannot be defined again`);
    const aliases = (this.#strings(json.aliases, 'aliases') ?? []).map((alias) => qualify(alias, namespaceOf(full)));
    return { name: full, aliases, doc: typeof json.doc === 'string' ? json.doc : undefined };
  }

  #define(schema: NamedSchema): void {
    if (!this.#names.add(schema)) this.#refuse(`${schema.name} is defined twice`);
    this.defined.set(schema.name, schema);
  }

  #strings(json: Json | undefined, key: string): readonly string[] | undefined {
    if (json === undefined) return undefined;
    if (Array.isArray(json) && json.every((item) => typeof item === 'string')) return json as readonly string[];
    return this.#refuse(`"${key}" is an array of strings`);
  }

  #at<T>(token: string, read: () => T): T {
    this.#path.push(token);
    const value = read();
    this.#path.pop();
    return value;
  }

  #pointer(...more: string[]): string {
    return `/${[...this.#path, ...more].join('/')}`;
  }

  #refuse(problem: string, ...more: string[]): never {
    throw invalid(problem, this.#pointer(...more));
  }
}

const headerKeys = ['type', 'name', 'namespace', 'aliases', 'doc'];

function propertiesOf(json: JsonObject, known: readonly string[]): ReadonlyMap<string, Json> {
  return new Map(Object.entries(json).filter(([key]) => !known.includes(key)));
}

/** Counted before `JSON.parse`, in one pass whatever the text is; brackets in strings do not nest. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    // A bare name such as `string` or `com.example.Ticker` is accepted, as Avro's own parsers do.
    if (isName(text.trim())) return text.trim();
    throw invalid(`it is not JSON (${(cause as Error).message})`, '/', cause);
  }
}

function invalid(problem: string, path: string, cause?: unknown): SchemaRegistryError {
  return new SchemaRegistryError(`The Avro schema is not valid at ${path}: ${problem}.`, {
    code: 'invalid_schema',
    cause,
  });
}
