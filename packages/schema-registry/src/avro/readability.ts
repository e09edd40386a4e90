import { SchemaRegistryError } from '../registry-error.js';
import { type ParsedSchema, parseSchema } from './parse-schema.js';
import {
  type AvroSchema,
  type EnumSchema,
  isNamed,
  type NamedSchema,
  type RecordSchema,
  type SchemaField,
  type UnionSchema,
  unqualified,
} from './schema.js';

/** The six ways in which a reader's schema can fail a writer's, named as in the Avro reference. */
export type IncompatibilityKind =
  | 'NAME_MISMATCH'
  | 'FIXED_SIZE_MISMATCH'
  | 'MISSING_ENUM_SYMBOLS'
  | 'READER_FIELD_MISSING_DEFAULT_VALUE'
  | 'TYPE_MISMATCH'
  | 'MISSING_UNION_BRANCH';

export interface Incompatibility {
  readonly kind: IncompatibilityKind;
  /** What does not fit, and what to change. */
  readonly message: string;
  /** JSON pointer into the reader's schema, such as `/fields/0/type/symbols`; the whole schema is `/`. */
  readonly location: string;
}

export interface Readability {
  readonly compatible: boolean;
  /** Every problem, not the first. A named type that is used twice reports its problems where it is used first. */
  readonly incompatibilities: readonly Incompatibility[];
}

/** A schema as callers have it: its text, or already parsed, which is needed when it has references. */
export type SchemaInput = string | ParsedSchema;

/**
 * Whether data written with `writer` can be read with `reader`, by Avro's resolution rules.
 * @throws SchemaRegistryError `invalid_schema` when one of them is not a schema.
 */
export function checkReadability({ reader, writer }: { reader: SchemaInput; writer: SchemaInput }): Readability {
  const readerRoot = rootOf(reader);
  const writerRoot = rootOf(writer);
  const incompatiblePairs = new PairMap<true>();
  // A recursion under way counts as compatible. When that proves wrong, what was concluded from it is worth nothing: a
  // union may have chosen a branch that cannot be read after all. Such pairs are noted and the check is made again; each
  // round notes at least one more. A problem found with the assumption is one without it, so the first find is final.
  for (;;) {
    const check = new ReadabilityCheck(incompatiblePairs);
    const found = new Set(check.compare(readerRoot, writerRoot, []));
    found.delete(enclosed);
    if (found.size > 0 || !check.assumedWrongly) return { compatible: found.size === 0, incompatibilities: [...found] };
  }
}

function rootOf(schema: SchemaInput): AvroSchema {
  return (typeof schema === 'string' ? parseSchema(schema) : schema).root;
}

type Location = readonly string[];

/** Far more than any schema nests; keeps a hostile one from exhausting the stack. */
const maxDepth = 250;

const promotions: Partial<Record<AvroSchema['kind'], readonly AvroSchema['kind'][]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};

/** Pairs by identity. */
class PairMap<T> {
  readonly #byReader = new Map<AvroSchema, Map<AvroSchema, T>>();

  get(reader: AvroSchema, writer: AvroSchema): T | undefined {
    return this.#byReader.get(reader)?.get(writer);
  }

  set(reader: AvroSchema, writer: AvroSchema, value: T): void {
    const byWriter = this.#byReader.get(reader);
    if (byWriter) byWriter.set(writer, value);
    else this.#byReader.set(reader, new Map([[writer, value]]));
  }
}

/** A pair under way, or its outcome. `assumed`: under way, and met again inside itself. */
type PairState = 'underWay' | 'assumed' | readonly Incompatibility[];

/** Stands for the problems of an enclosing pair, which are reported there. */
const enclosed: Incompatibility = { kind: 'TYPE_MISMATCH', message: '', location: '' };

class ReadabilityCheck {
  assumedWrongly = false;
  readonly #known: PairMap<true>;
  readonly #states = new PairMap<PairState>();
  #depth = 0;

  constructor(known: PairMap<true>) {
    this.#known = known;
  }

  /** Problems of a pair. Pairs of named types are compared once; meeting them again gives the same objects. */
  compare(reader: AvroSchema, writer: AvroSchema, at: Location): readonly Incompatibility[] {
    if (!isNamed(reader) || reader.kind !== writer.kind) return this.#compareNow(reader, writer, at);
    const state = this.#states.get(reader, writer);
    if (state === undefined) return this.#compareFirst(reader, writer, at);
    if (typeof state !== 'string') return state;
    if (this.#known.get(reader, writer)) return [enclosed];
    this.#states.set(reader, writer, 'assumed');
    return [];
  }

  #compareFirst(reader: AvroSchema, writer: AvroSchema, at: Location): readonly Incompatibility[] {
    this.#states.set(reader, writer, 'underWay');
    const problems = this.#compareNow(reader, writer, at);
    if (problems.length > 0 && this.#states.get(reader, writer) === 'assumed') {
      this.assumedWrongly = true;
      this.#known.set(reader, writer, true);
    }
    this.#states.set(reader, writer, problems);
    return problems;
  }

  #compareNow(reader: AvroSchema, writer: AvroSchema, at: Location): readonly Incompatibility[] {
    if (++this.#depth > maxDepth) {
      throw new SchemaRegistryError(
        `The schemas nest more than ${maxDepth} types deep at ${pointer(at)}. Flatten them before comparing.`,
        { code: 'invalid_schema' },
      );
    }
    try {
      if (writer.kind === 'union') {
        return reader.kind === 'union' ? this.#unionByUnion(reader, writer, at) : this.#everyBranch(reader, writer, at);
      }
      if (reader.kind === 'union') return this.#anyBranch(reader, writer, at);
      return this.#sameOrPromoted(reader, writer, at);
    } finally {
      this.#depth--;
    }
  }

  #sameOrPromoted(reader: AvroSchema, writer: AvroSchema, at: Location): readonly Incompatibility[] {
    if (reader.kind === 'array' && writer.kind === 'array') {
      return this.compare(reader.items, writer.items, [...at, 'items']);
    }
    if (reader.kind === 'map' && writer.kind === 'map') {
      return this.compare(reader.values, writer.values, [...at, 'values']);
    }
    if (reader.kind === 'fixed' && writer.kind === 'fixed') {
      const problems = nameProblems(reader, writer, at);
      if (reader.size === writer.size) return problems;
      const message = `${reader.name} has ${reader.size} bytes, the writer's ${writer.size}: sizes of fixed types never change`;
      return [...problems, problem('FIXED_SIZE_MISMATCH', [...at, 'size'], message)];
    }
    if (reader.kind === 'enum' && writer.kind === 'enum') {
      return [...nameProblems(reader, writer, at), ...symbolProblems(reader, writer, at)];
    }
    if (reader.kind === 'record' && writer.kind === 'record') {
      return [...nameProblems(reader, writer, at), ...this.#fields(reader, writer, at)];
    }
    if (reader.kind === writer.kind || promotions[reader.kind]?.includes(writer.kind)) return [];
    return [problem('TYPE_MISMATCH', at, `${describe(reader)} cannot read ${describe(writer)}`)];
  }

  /** Not a union: it must read whatever branch the writer chose. */
  #everyBranch(reader: AvroSchema, writer: UnionSchema, at: Location): readonly Incompatibility[] {
    return writer.branches.flatMap((branch) => this.compare(reader, branch, at));
  }

  #unionByUnion(reader: UnionSchema, writer: UnionSchema, at: Location): readonly Incompatibility[] {
    return writer.branches.flatMap((branch, index) => this.#anyBranch(reader, branch, [...at, String(index)], at));
  }

  /** One branch that reads the writer's type is enough; what the others lack is no problem. */
  #anyBranch(
    reader: UnionSchema,
    writer: AvroSchema,
    reportAt: Location,
    at: Location = reportAt,
  ): readonly Incompatibility[] {
    const readable = reader.branches.some(
      (branch, index) => this.compare(branch, writer, [...at, String(index)]).length === 0,
    );
    if (readable) return [];
    const branches = reader.branches.map(describe).join(', ');
    const message = `the reader's union (${branches}) has no branch for the writer's ${describe(writer)}: add one`;
    return [problem('MISSING_UNION_BRANCH', reportAt, message)];
  }

  #fields(reader: RecordSchema, writer: RecordSchema, at: Location): readonly Incompatibility[] {
    return reader.fields.flatMap((field, index) => {
      const here = [...at, 'fields', String(index)];
      const [match, second] = writersFields(writer, field);
      if (!match) return missingFieldProblems(reader, field, here);
      if (second) {
        const message = `the field ${field.name} matches two fields of the writer, ${match.name} and ${second.name}: drop an alias`;
        return [problem('NAME_MISMATCH', [...here, 'aliases'], message)];
      }
      return this.compare(field.type, match.type, [...here, 'type']);
    });
  }
}

function writersFields(writer: RecordSchema, field: SchemaField): readonly SchemaField[] {
  const names = new Set([field.name, ...field.aliases]);
  return writer.fields.filter((candidate) => names.has(candidate.name));
}

function missingFieldProblems(reader: RecordSchema, field: SchemaField, at: Location): readonly Incompatibility[] {
  if (field.default) return [];
  const message = `the writer has no field ${field.name} and the reader's ${reader.name} gives it no default: add one`;
  return [problem('READER_FIELD_MISSING_DEFAULT_VALUE', at, message)];
}

/** Namespaces do not count between equal names; an alias must be the writer's full name. */
function nameProblems(reader: NamedSchema, writer: NamedSchema, at: Location): readonly Incompatibility[] {
  if (unqualified(reader.name) === unqualified(writer.name) || reader.aliases.includes(writer.name)) return [];
  const message = `the reader's ${reader.name} is not the writer's ${writer.name}: rename it, or give it that alias`;
  return [problem('NAME_MISMATCH', [...at, 'name'], message)];
}

function symbolProblems(reader: EnumSchema, writer: EnumSchema, at: Location): readonly Incompatibility[] {
  if (reader.default !== undefined) return [];
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol));
  if (missing.length === 0) return [];
  const message = `${reader.name} lacks the writer's symbols ${missing.join(', ')}: add them, or a default`;
  return [problem('MISSING_ENUM_SYMBOLS', [...at, 'symbols'], message)];
}

function describe(schema: AvroSchema): string {
  return isNamed(schema) ? `${schema.kind} ${schema.name}` : schema.kind;
}

function problem(kind: IncompatibilityKind, at: Location, message: string): Incompatibility {
  return { kind, message, location: pointer(at) };
}

function pointer(at: Location): string {
  return `/${at.join('/')}`;
}
