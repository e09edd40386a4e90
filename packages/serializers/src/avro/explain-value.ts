import { pointerOf, SerializationError } from '../serialization-error.js';
import type { TypeInternals } from './extend-type.js';

const mostListed = 5;

/** Why a value does not fit a type: avsc's own error says neither where nor, for a BigInt, what. */
export function explainValue(type: TypeInternals, value: unknown, cause: unknown): SerializationError {
  const problems: { path: string; text: string }[] = [];
  let omitted = 0;
  try {
    type.isValid(value, {
      errorHook(path, found, expected) {
        if (found === undefined && isNullable(expected as TypeInternals)) return;
        if (problems.length >= mostListed) {
          omitted++;
          return;
        }
        const pointer = pointerOf(path);
        problems.push({
          path: pointer,
          text: `${pointer || 'the value'} is ${describe(found)}, not ${describeType(expected)}`,
        });
      },
    });
  } catch {
    // A getter or a logical type threw; what was collected so far, or the cause, has to do.
  }
  const [first] = problems;
  const details = first
    ? problems.map((problem) => problem.text).join('; ') + (omitted > 0 ? `; and ${omitted} more` : '')
    : cause instanceof Error
      ? cause.message
      : String(cause);
  return new SerializationError(
    `The value does not fit the Avro schema${type.name ? ` ${type.name}` : ''}: ${details}.`,
    {
      code: 'invalid_value',
      path: first?.path,
      cause,
    },
  );
}

function isNullable(type: TypeInternals): boolean {
  return type.types?.length === 2 && type.types.some((branch) => branch.typeName === 'null');
}

function describeType(type: { readonly typeName: string; readonly name?: string | undefined } & object): string {
  const { types, symbols } = type as TypeInternals;
  if (types) return types.map(describeType).join(' or ');
  if (symbols) return `one of ${symbols.join(', ')}`;
  return type.name ?? type.typeName.replace(/^.*:/, '');
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return value instanceof Uint8Array ? 'bytes' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return `${typeof value} ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
}
