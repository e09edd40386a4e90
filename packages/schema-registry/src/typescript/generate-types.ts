import type { ParsedSchema } from '../avro/parse-schema.js';
import {
  type AvroSchema,
  isNamed,
  type NamedSchema,
  type RecordSchema,
  type SchemaField,
  typeName,
  unqualified,
} from '../avro/schema.js';
import { chooseNames, type NamedShape } from './typescript-names.js';
import { isWrapped, type UnionWrapping } from './union-wrapping.js';

export interface GenerateTypesOptions {
  /** TypeScript types by logical type, such as `{ json: 'unknown' }`. Others are as their Avro type. */
  readonly logicalTypes?: Readonly<Record<string, string>>;
  /** What longs are in the program. Default `number`. */
  readonly longs?: 'number' | 'bigint';
  /** Fields with a default may be missing, as when writing. Default false, as when reading. */
  readonly optionalDefaults?: boolean;
  /** Default `auto`. */
  readonly wrapUnions?: UnionWrapping;
  /** First line, as a comment. */
  readonly header?: string;
}

/**
 * TypeScript types of all named types of the schemas, in the order of their definitions, in the form in which avsc gives
 * and takes values.
 * @throws SchemaRegistryError `invalid_directory` when two schemas define one full name differently.
 */
export function generateTypes(schemas: readonly ParsedSchema[], options: GenerateTypesOptions = {}): string {
  const types = schemas.flatMap(({ defined }) => [...defined.values()]);
  const names = chooseNames(types.map((type) => shapeOf(type, options)));
  const nameOf = (type: NamedSchema): string => names.get(type.name)!;
  const declared = new Map<string, string>();
  for (const type of types) {
    const name = nameOf(type);
    if (!declared.has(name)) declared.set(name, declaration(name, type, new TypeWriter(nameOf, options)));
  }
  const header = options.header === undefined ? [] : [`// ${options.header}`];
  return `${[...header, ...declared.values()].join('\n\n')}\n`;
}

/** The declaration without docs, under the names that everybody would like to have. */
function shapeOf(type: NamedSchema, options: GenerateTypesOptions): NamedShape {
  const uses = new Set<string>();
  const writer = new TypeWriter((used) => {
    uses.add(unqualified(used.name));
    return unqualified(used.name);
  }, options);
  return { fullName: type.name, shape: declaration('', type, writer, false), uses };
}

function declaration(name: string, type: NamedSchema, writer: TypeWriter, docs = true): string {
  const doc = docs ? comment(type.doc, '') : '';
  switch (type.kind) {
    case 'record':
      return `${doc}export interface ${name} {${recordBody(type, writer, docs)}}`;
    case 'enum':
      return `${doc}export type ${name} = ${type.symbols.map(quote).join(' | ') || 'never'};`;
    case 'fixed':
      return `${doc}/** ${type.size} bytes. */\nexport type ${name} = Buffer;`;
  }
}

function recordBody(record: RecordSchema, writer: TypeWriter, docs: boolean): string {
  const lines = record.fields.map((field) => `${docs ? comment(field.doc, '  ') : ''}  ${writer.field(field)}\n`);
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

class TypeWriter {
  readonly #nameOf: (type: NamedSchema) => string;
  readonly #options: GenerateTypesOptions;

  constructor(nameOf: (type: NamedSchema) => string, options: GenerateTypesOptions) {
    this.#nameOf = nameOf;
    this.#options = options;
  }

  field(field: SchemaField): string {
    const optional = this.#options.optionalDefaults && field.default ? '?' : '';
    return `readonly ${field.name}${optional}: ${this.#type(field.type)};`;
  }

  #type(schema: AvroSchema): string {
    const logical = this.#logical(schema);
    if (logical !== undefined) return logical;
    if (isNamed(schema)) return this.#nameOf(schema);
    switch (schema.kind) {
      case 'int':
      case 'float':
      case 'double':
        return 'number';
      case 'long':
        return this.#options.longs ?? 'number';
      case 'bytes':
        return 'Buffer';
      case 'array':
        return `readonly ${parenthesized(this.#type(schema.items))}[]`;
      case 'map':
        return `{ readonly [key: string]: ${this.#type(schema.values)} }`;
      case 'union':
        return this.#union(schema);
      default:
        return schema.kind;
    }
  }

  #union(union: Extract<AvroSchema, { kind: 'union' }>): string {
    const wrapped = isWrapped(
      union,
      this.#options.wrapUnions ?? 'auto',
      (branch) => this.#logical(branch) !== undefined,
    );
    const branches = union.branches.map((branch) => {
      const type = this.#type(branch);
      // Null is never wrapped.
      if (!wrapped || branch.kind === 'null') return type;
      return `{ readonly ${propertyName(typeName(branch))}: ${type} }`;
    });
    return [...new Set(branches)].join(' | ') || 'never';
  }

  #logical(schema: AvroSchema): string | undefined {
    if (schema.kind === 'union') return undefined;
    const name = schema.properties.get('logicalType');
    const types = this.#options.logicalTypes ?? {};
    return typeof name === 'string' && Object.hasOwn(types, name) ? types[name] : undefined;
  }
}

function parenthesized(type: string): string {
  const isOneWord = /^\w+$/.test(type);
  const isOneObject = type.startsWith('{') && !type.includes(' | ');
  return isOneWord || isOneObject ? type : `(${type})`;
}

function propertyName(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : quote(name);
}

function quote(text: string): string {
  return `'${text}'`;
}

function comment(doc: string | undefined, indent: string): string {
  if (!doc) return '';
  const lines = doc
    .replaceAll('*/', '*\\/')
    .split('\n')
    .map((line) => line.trimEnd());
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} *${line && ` ${line}`}\n`).join('')}${indent} */\n`;
}
