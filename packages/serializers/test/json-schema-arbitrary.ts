import fc from 'fast-check';

/** The part of JSON Schema that the DTOs are written in. */
export interface JsonSchemaNode {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchemaNode[];
  readonly properties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchemaNode | readonly JsonSchemaNode[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Values that satisfy a schema. Arrays and maps stay short. */
export function fromJsonSchema(schema: JsonSchemaNode): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map(fromJsonSchema));
  switch (schema.type) {
    case 'object':
      return objects(schema);
    case 'array':
      return Array.isArray(schema.items)
        ? fc.tuple(...schema.items.map(fromJsonSchema))
        : fc.array(fromJsonSchema(schema.items as JsonSchemaNode), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'string':
      return strings(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return fc.double({
        min: schema.exclusiveMinimum ?? schema.minimum ?? -1e15,
        minExcluded: schema.exclusiveMinimum !== undefined,
        max: schema.maximum ?? 1e15,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case undefined:
      // Through JSON once: -0 and "__proto__" are not what JSON text brings back.
      return fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
    default:
      throw new Error(`no values are known for the JSON Schema type "${schema.type}"`);
  }
}

function objects(schema: JsonSchemaNode): fc.Arbitrary<unknown> {
  if (schema.properties) {
    const fields = Object.entries(schema.properties).map(([name, field]) => [name, fromJsonSchema(field)]);
    return fc.record<Record<string, unknown>>(Object.fromEntries(fields), {
      requiredKeys: [...(schema.required ?? [])],
      noNullPrototype: true,
    });
  }
  const [pattern, values] = Object.entries(schema.patternProperties ?? {})[0]!;
  const keys = strings({ pattern, minLength: 1 }).filter((key) => key !== '__proto__');
  return fc.dictionary(keys as fc.Arbitrary<string>, fromJsonSchema(values), { maxKeys: 3, noNullPrototype: true });
}

function strings(schema: JsonSchemaNode): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.format === 'uri') return fc.constantFrom('wss://stream.example.org/ws?x=1', 'ws://127.0.0.1:9001/');
  if (schema.format === 'date-time') {
    return fc
      .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  if (schema.pattern !== undefined && schema.pattern !== '^.*$') return fc.stringMatching(new RegExp(schema.pattern));
  return fc.string({
    unit: 'grapheme',
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 12, 12),
  });
}

function integers(schema: JsonSchemaNode): fc.Arbitrary<unknown> {
  const step = schema.multipleOf ?? 1;
  const min = schema.exclusiveMinimum === undefined ? (schema.minimum ?? -(2 ** 31)) : schema.exclusiveMinimum + 1;
  return fc
    .integer({ min: Math.ceil(min / step), max: Math.floor((schema.maximum ?? 2 ** 31 - 1) / step) })
    .map((value) => value * step);
}
