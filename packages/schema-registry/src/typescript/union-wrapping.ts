import type { AvroSchema, UnionSchema } from '../avro/schema.js';

/** `auto` wraps where values alone do not tell the branch, as avsc does; `always` is Avro's own JSON encoding. */
export type UnionWrapping = 'auto' | 'always';

/** How a JavaScript value looks, which is all there is to choose a branch by. */
function lookOf(schema: AvroSchema): string {
  switch (schema.kind) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number';
    case 'bytes':
    case 'fixed':
      return 'buffer';
    case 'string':
    case 'enum':
      return 'string';
    case 'map':
    case 'record':
      return 'object';
    default:
      return schema.kind;
  }
}

/**
 * Whether values of a union stand in an object that names their branch, `{ "int": 3 }`. Logical types that the program
 * knows recognise their own values and do not count.
 */
export function isWrapped(
  union: UnionSchema,
  wrapping: UnionWrapping,
  isKnownLogical: (branch: AvroSchema) => boolean,
): boolean {
  if (wrapping === 'always') return true;
  const looks = union.branches.filter((branch) => !isKnownLogical(branch)).map(lookOf);
  return new Set(looks).size < looks.length;
}
