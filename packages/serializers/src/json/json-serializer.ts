import { SerializationError } from '../serialization-error.js';
import type { Deserializer, Serializer } from '../serializer.js';

/**
 * JSON as bytes. Dates become ISO 8601 (as JSON has it), a BigInt its digits as a string, bytes pass through
 * unchanged, and null and undefined are tombstones.
 */
export function createJsonSerializer<T = unknown>(): Serializer<T> {
  return { prepare: () => undefined, encode: (value) => encodeJson(value) };
}

// A BigInt as a number would lose digits in every reader that has only doubles.
const replaceBigInt = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // The engine refuses BigInts; only then is the slower replacer worth its price.
    if (!(error instanceof TypeError) || !/BigInt/.test(error.message)) throw error;
    return JSON.stringify(value, replaceBigInt);
  }
}

export function encodeJson(value: unknown): Buffer | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return asBuffer(value);
  let text: string | undefined;
  try {
    text = stringify(value);
  } catch (error) {
    throw new SerializationError(
      `The value cannot be written as JSON: ${messageOf(error)}. Pass plain data without circles.`,
      { code: 'invalid_value', cause: error },
    );
  }
  if (text === undefined) {
    throw new SerializationError(`A ${typeof value} cannot be written as JSON. Pass plain data.`, {
      code: 'invalid_value',
    });
  }
  return Buffer.from(text);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The mirror: bytes must be UTF-8 and JSON. The value is not checked further. */
export function createJsonDeserializer<T = unknown>(): Deserializer<T> {
  return { prepare: () => undefined, decode: (bytes) => (bytes === null ? null : (decodeJson(bytes) as T)) };
}

export function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes)) as unknown;
  } catch (error) {
    throw new SerializationError(`The message is not JSON: ${messageOf(error)}.`, {
      code: 'invalid_bytes',
      cause: error,
    });
  }
}

/**
 * Message keys: text as UTF-8 without quotes, numbers and BigInts as their digits, bytes unchanged, everything
 * else as JSON. null and undefined are no key.
 */
export function createKeySerializer(): Serializer {
  return {
    prepare: () => undefined,
    encode(key) {
      if (typeof key === 'string') return Buffer.from(key);
      if (typeof key === 'number' || typeof key === 'bigint') return Buffer.from(String(key));
      return encodeJson(key);
    },
  };
}

/** A view of the same memory, without a copy. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
