import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { describeSchema } from './describe-schema.js';
import { describeValue } from './describe-value.js';
import type { Checked, CheckFailure } from './failure.js';
import { appendPointer, resolvePointer } from './json-pointer.js';
import type { JsonSchema } from './json-schema.js';

/** A schema compiled once, for checking many values. */
export interface Checker<T> {
  /** Only whether the value fits: the fast path. */
  check(value: unknown): value is T;
  /** The value with its type, or every failing place. */
  parse(value: unknown): Checked<T>;
}

/** More failures than this are not listed: a hostile message must not become a huge report. */
export const maxFailures = 100;

/** The name of an unknown field may be as long as its message; a longer pointer is cut. */
const longestPointer = 500;

/** Compiles the check of a schema. Unknown fields fail where the schema says `additionalProperties: false`. */
export function createChecker<S extends TSchema>(schema: S): Checker<Static<S>> {
  const compiled = Compile(schema);
  const fits = (value: unknown): value is Static<S> => compiled.Check(value);
  return {
    check: fits,
    parse: (value) =>
      fits(value)
        ? { ok: true, value }
        : { ok: false, failures: collectFailures(schema as JsonSchema, value, errorsOf(compiled, value)) },
  };
}

/** Finding every error of a value costs by its size, whatever is listed in the end: first only its beginning is searched. */
function errorsOf(compiled: { Errors(value: unknown): SchemaError[] }, value: unknown): SchemaError[] {
  const errors = allErrors(compiled, beginningOf(value));
  return errors.length > 0 ? errors : allErrors(compiled, value);
}

/** One more than the longest list that a schema of ours allows, so that a list that is too long stays so. */
const searchedItems = 10_001;
const searchedFields = 200;

/** The value with its long lists and wide objects cut; most values as they are. */
function beginningOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > searchedItems ? value.slice(0, searchedItems) : value;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  let fields = 0;
  for (const name in value) {
    if (!Object.hasOwn(value, name)) continue;
    fields += 1;
    if (fields > searchedFields) break;
    const field = (value as Record<string, unknown>)[name];
    // defineProperty, because an assignment to __proto__ would not make a field.
    Object.defineProperty(copy, name, { value: beginningOf(field), enumerable: true });
  }
  return copy;
}

interface SchemaError {
  readonly keyword: string;
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
}

// TypeBox stops after eight errors unless told otherwise, and it can only be told for the whole process.
function allErrors(compiled: { Errors(value: unknown): SchemaError[] }, value: unknown): SchemaError[] {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: maxFailures });
  try {
    return compiled.Errors(value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function collectFailures(schema: JsonSchema, value: unknown, errors: readonly SchemaError[]): CheckFailure[] {
  const byPointer = new Map<string, CheckFailure>();
  const add = (pointer: string, expected: string): void => {
    if (byPointer.has(pointer)) return;
    const shown = pointer.length > longestPointer ? `${pointer.slice(0, longestPointer)}…` : pointer;
    byPointer.set(pointer, { pointer: shown, expected, actual: describeValue(resolvePointer(value, pointer)) });
  };
  const schemaAt = (path: string): JsonSchema => (resolvePointer(schema, path.slice(1)) ?? {}) as JsonSchema;

  const unions = errors.filter((error) => error.keyword === 'anyOf');
  for (const error of errors) {
    if (isOneBranchOfMany(error, errors, unions)) continue;
    const at = schemaAt(error.schemaPath);
    const { requiredProperties = [] } = error.params as { requiredProperties?: readonly string[] };
    if (error.keyword === 'required') {
      for (const name of requiredProperties) {
        add(appendPointer(error.instancePath, name), describeSchema(at.properties?.[name] ?? {}));
      }
    } else if (error.keyword === 'boolean') {
      add(error.instancePath, 'no such field');
    } else if (error.keyword !== 'additionalProperties') {
      add(error.instancePath, describeSchema(at));
    }
  }
  return [...byPointer.values()];
}

// A union reports its own failure and that of each branch at the same place; the union's says all of it. When
// a branch failed deeper inside, the value was meant for that branch and the deeper places say more.
function isOneBranchOfMany(
  error: SchemaError,
  errors: readonly SchemaError[],
  unions: readonly SchemaError[],
): boolean {
  const isInside = (inner: SchemaError, union: SchemaError): boolean =>
    inner !== union && inner.schemaPath.startsWith(`${union.schemaPath}/anyOf/`);
  if (error.keyword === 'anyOf' && errors.some((e) => isInside(e, error) && e.instancePath !== error.instancePath)) {
    return true;
  }
  return unions.some((union) => isInside(error, union) && error.instancePath === union.instancePath);
}
