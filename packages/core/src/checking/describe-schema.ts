import type { JsonSchema } from './json-schema.js';

const quoteAll = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function limits(schema: JsonSchema): string {
  const parts: string[] = [];
  if (schema.minimum !== undefined) parts.push(`≥ ${schema.minimum}`);
  if (schema.exclusiveMinimum !== undefined) parts.push(`> ${schema.exclusiveMinimum}`);
  if (schema.maximum !== undefined) parts.push(`≤ ${schema.maximum}`);
  if (schema.minLength !== undefined) parts.push(`of at least ${plural(schema.minLength, 'character')}`);
  if (schema.maxLength !== undefined) parts.push(`of at most ${plural(schema.maxLength, 'character')}`);
  if (schema.format !== undefined) parts.push(`in ${schema.format} format`);
  if (schema.pattern !== undefined) parts.push(`matching ${schema.pattern}`);
  if (schema.minItems !== undefined) parts.push(`of at least ${plural(schema.minItems, 'item')}`);
  if (schema.maxItems !== undefined) parts.push(`of at most ${plural(schema.maxItems, 'item')}`);
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

/** What a schema asks for, in a few words and without its inner structure. */
export function describeSchema(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return `one of ${quoteAll(schema.enum)}`;
  if (schema.anyOf) return schema.anyOf.map(describeSchema).join(' or ');
  if (schema.type === undefined) return 'any value';
  const types = Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type;
  const hint = schema.description === undefined ? '' : ` (${schema.description})`;
  return `${types === 'number' ? 'finite number' : types}${limits(schema)}${hint}`;
}
