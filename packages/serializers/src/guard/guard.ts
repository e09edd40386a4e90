import type { AvroSchemaText } from '../avro/schema-source.js';
import { pointerOf, SerializationError } from '../serialization-error.js';
import { compileScan, type Scan } from './compile-scan.js';
import { generateScan } from './generate-scan.js';
import { type GuardLimits, resolveGuardLimits } from './guard-limits.js';
import { fail, failLimit, type ScanCursor, ScanFailure } from './scan-cursor.js';
import { parseSchemaGraph } from './schema-graph.js';
import { smallestEncodings } from './smallest-encoding.js';

/**
 * Looks over bytes before anything is built from them. Decoders believe the counts they read: six bytes can ask
 * for four thousand million nulls. The guard walks the same bytes without building anything, holds every count
 * against what remains, and knows the path of whatever is wrong.
 */
export interface Guard {
  /** Throws `invalid_bytes` or `guard_limit` unless bytes from `offset` to the end are exactly one value. */
  check(bytes: Uint8Array, offset: number): void;
  /** The same, looking also where a decoder may fail on bytes that are well-formed. */
  explain(bytes: Uint8Array, offset: number): void;
}

/** Compiles the guard of a writer's schema. Throws `invalid_schema` and `invalid_option`. */
export function createGuard(
  text: AvroSchemaText,
  options: { readonly limits?: GuardLimits | undefined; readonly longs?: 'number' | 'bigint' | undefined } = {},
): Guard {
  const limits = resolveGuardLimits(options.limits);
  const graph = parseSchemaGraph(text);
  const smallest = smallestEncodings(graph);
  const bigLongs = options.longs === 'bigint';
  const isPlain = generateScan(graph, smallest, limits, bigLongs);
  let scan: Scan | undefined;

  const walk = (bytes: Uint8Array, offset: number, explaining: boolean): void => {
    const cursor: ScanCursor = {
      bytes,
      end: bytes.length,
      limits,
      explaining,
      position: offset,
      items: 0,
      emptyItems: 0,
      depth: 0,
    };
    try {
      if (bytes.length > limits.maxBytes) failLimit(cursor, `the message has more than ${limits.maxBytes} bytes`);
      scan ??= compileScan(graph, smallest, bigLongs);
      scan(cursor);
      if (cursor.position < cursor.end) fail(cursor, `${cursor.end - cursor.position} bytes follow the value`);
    } catch (error) {
      throw error instanceof ScanFailure ? refusal(error) : error;
    }
  };
  return {
    check(bytes, offset) {
      if (isPlain && bytes.length <= limits.maxBytes && isPlain(bytes, offset)) return;
      walk(bytes, offset, false);
    },
    explain: (bytes, offset) => walk(bytes, offset, true),
  };
}

function refusal(failure: ScanFailure): SerializationError {
  const path = pointerOf(failure.path);
  const where = `${path === '' ? '' : ` at ${path}`} (byte ${failure.offset})`;
  const message =
    failure.kind === 'guard_limit'
      ? `The message asks for more than the guard allows${where}: ${failure.message}. Raise the limit if the sender is to be trusted.`
      : `The bytes are not a message of the schema${where}: ${failure.message}.`;
  return new SerializationError(message, { code: failure.kind, path, offset: failure.offset });
}
