import { type AvroSchema, type Json, typeName } from './schema.js';

const maxInt = 2 ** 31 - 1;
const maxLong = 2 ** 63;

/**
 * Why `value` cannot be a default of `schema`, or undefined when it can. A union's default belongs to its first
 * branch; bytes and fixed are written as strings of the characters U+0000 to U+00FF.
 */
export function defaultValueProblem(schema: AvroSchema, value: Json): string | undefined {
  switch (schema.kind) {
    case 'null':
      return value === null ? undefined : mismatch(schema, value);
    case 'boolean':
      return typeof value === 'boolean' ? undefined : mismatch(schema, value);
    case 'int':
      return isInteger(value, -maxInt - 1, maxInt) ? undefined : mismatch(schema, value);
    case 'long':
      return isInteger(value, -maxLong, maxLong) ? undefined : mismatch(schema, value);
    case 'float':
    case 'double':
      return typeof value === 'number' ? undefined : mismatch(schema, value);
    case 'string':
      return typeof value === 'string' ? undefined : mismatch(schema, value);
    case 'bytes':
      return isByteString(value) ? undefined : mismatch(schema, value);
    case 'fixed':
      if (!isByteString(value)) return mismatch(schema, value);
      return value.length === schema.size ? undefined : `${schema.name} has ${schema.size} bytes, not ${value.length}`;
    case 'enum':
      if (typeof value !== 'string') return mismatch(schema, value);
      return schema.symbols.includes(value) ? undefined : `${schema.name} has no symbol ${show(value)}`;
    case 'array':
      if (!Array.isArray(value)) return mismatch(schema, value);
      return first(value, (item) => defaultValueProblem(schema.items, item));
    case 'map':
      if (!isJsonObject(value)) return mismatch(schema, value);
      return first(Object.values(value), (item) => defaultValueProblem(schema.values, item));
    case 'union': {
      const branch = schema.branches[0];
      if (!branch) return 'the union is empty';
      const problem = defaultValueProblem(branch, value);
      return problem && `${problem} (the default of a union belongs to its first branch)`;
    }
    case 'record':
      if (!isJsonObject(value)) return mismatch(schema, value);
      return first(schema.fields, (field) => {
        if (Object.hasOwn(value, field.name)) return defaultValueProblem(field.type, value[field.name]!);
        // The field's own default is checked where the field is; following it here could go on for ever.
        return field.default ? undefined : `${schema.name}.${field.name} is missing`;
      });
  }
}

export function isJsonObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInteger(value: Json, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}

function isByteString(value: Json): value is string {
  if (typeof value !== 'string') return false;
  for (let index = 0; index < value.length; index++) if (value.charCodeAt(index) > 0xff) return false;
  return true;
}

function first<T>(items: Iterable<T>, problemOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem) return problem;
  }
  return undefined;
}

function mismatch(schema: AvroSchema, value: Json): string {
  return `${show(value)} is not ${typeName(schema)}`;
}

function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
