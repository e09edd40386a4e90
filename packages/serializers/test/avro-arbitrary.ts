import fc from 'fast-check';
import { fromJsonSchema, type JsonSchemaNode } from './json-schema-arbitrary.js';

interface AvroField {
  readonly name: string;
  readonly type: AvroNode;
}

type AvroNode =
  | string
  | readonly AvroNode[]
  | {
      readonly type: AvroNode;
      readonly logicalType?: string;
      readonly name?: string;
      readonly fields?: readonly AvroField[];
      readonly symbols?: readonly string[];
      readonly items?: AvroNode;
      readonly values?: AvroNode;
    };

const jsonTypesOf: Readonly<Record<string, readonly string[]>> = {
  string: ['string'],
  double: ['number'],
  long: ['integer'],
  int: ['integer'],
  boolean: ['boolean'],
};

/**
 * Values built along an Avro schema, with leaves that its DTO allows. Throws where the two disagree: on a field
 * that only one of them has, on one that may be absent in only one of them, and on a leaf of another type.
 */
export function fromAvroSchema(node: AvroNode, dto: JsonSchemaNode, path = ''): fc.Arbitrary<unknown> {
  const disagree = (problem: string): never => {
    throw new Error(`${path || 'the root'}: ${problem}`);
  };
  if (isUnion(node)) {
    const branches = node.filter((branch) => branch !== 'null');
    if (branches.length === 1) return fromAvroSchema(branches[0]!, withoutNullBranch(dto), path);
    return fc.oneof(
      ...branches.map((branch) =>
        fromAvroSchema(branch, branchFor(branch, dto) ?? disagree(`no ${String(branch)} in the DTO`), path),
      ),
    );
  }
  if (typeof node === 'string') {
    return (jsonTypesOf[node] ?? []).includes(leafType(dto))
      ? fromJsonSchema(dto)
      : disagree(`${node} in Avro, ${leafType(dto)} in the DTO`);
  }
  if (node.logicalType === 'json') {
    return fromJsonSchema(dto).filter((value) => typeof value === 'object' && value !== null);
  }
  switch (node.type) {
    case 'record':
      return records(node.fields!, dto, path, disagree);
    case 'enum':
      return fc.constantFrom(...node.symbols!);
    case 'array':
      return arrays(node.items!, dto, path, disagree);
    case 'map':
      return fc.dictionary(
        fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
        fromAvroSchema(
          node.values!,
          Object.values(dto.patternProperties ?? disagree('a map in Avro only'))[0]!,
          `${path}/*`,
        ),
        { maxKeys: 3, noNullPrototype: true },
      );
    default:
      return fromAvroSchema(node.type, dto, path);
  }
}

function records(
  fields: readonly AvroField[],
  dto: JsonSchemaNode,
  path: string,
  disagree: (problem: string) => never,
): fc.Arbitrary<unknown> {
  const properties = dto.properties ?? disagree('a record in Avro only');
  const required = new Set(dto.required);
  for (const name of Object.keys(properties)) {
    if (!fields.some((field) => field.name === name)) disagree(`field ${name} is in the DTO only`);
  }
  const arbitraries = fields.map((field) => {
    const property = properties[field.name] ?? disagree(`field ${field.name} is in Avro only`);
    if (isUnion(field.type) === required.has(field.name))
      disagree(`field ${field.name} may be absent in only one of them`);
    return [field.name, fromAvroSchema(field.type, property, `${path}/${field.name}`)] as const;
  });
  return fc.record(Object.fromEntries(arbitraries), { requiredKeys: [...required], noNullPrototype: true });
}

function arrays(
  items: AvroNode,
  dto: JsonSchemaNode,
  path: string,
  disagree: (problem: string) => never,
): fc.Arbitrary<unknown> {
  if (dto.type !== 'array' || !dto.items) disagree('an array in Avro only');
  // Avro has no tuples: the DTO's length rules, and each place is of the one item type.
  if (Array.isArray(dto.items)) {
    const places = dto.items as readonly JsonSchemaNode[];
    return fc.tuple(...places.map((place, index) => fromAvroSchema(items, place, `${path}/${index}`)));
  }
  return fc.array(fromAvroSchema(items, dto.items as JsonSchemaNode, `${path}/*`), {
    minLength: dto.minItems ?? 0,
    maxLength: 4,
  });
}

function isUnion(node: AvroNode): node is readonly AvroNode[] {
  return Array.isArray(node);
}

function withoutNullBranch(dto: JsonSchemaNode): JsonSchemaNode {
  const branches = dto.anyOf?.filter((branch) => branch.type !== 'null');
  return branches?.length === 1 ? branches[0]! : dto;
}

function branchFor(branch: AvroNode, dto: JsonSchemaNode): JsonSchemaNode | undefined {
  return dto.anyOf?.find(
    (candidate) => typeof branch === 'string' && jsonTypesOf[branch]?.includes(leafType(candidate)),
  );
}

function leafType(dto: JsonSchemaNode): string {
  const sample = dto.const ?? dto.enum?.[0];
  if (sample !== undefined) return Number.isInteger(sample) ? 'integer' : typeof sample;
  return dto.type ?? 'any';
}
