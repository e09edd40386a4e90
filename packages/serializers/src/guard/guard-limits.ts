import { SerializationError } from '../serialization-error.js';

/**
 * What untrusted bytes may ask for. Counts that the remaining bytes cannot hold are refused in any case; these
 * limits bound what a message could cost that is long enough for what it says.
 */
export interface GuardLimits {
  /** Bytes of a whole message. Default: 16 MiB. */
  readonly maxBytes?: number;
  /** Bytes of one string or bytes value. Default: 16 MiB. */
  readonly maxStringBytes?: number;
  /** Items of all arrays and maps of a message together. Default: 1,000,000. */
  readonly maxItems?: number;
  /** Of those, items that take no byte at all, such as nulls. Default: 1,000. */
  readonly maxEmptyItems?: number;
  /** Records inside records, for schemas that refer to themselves. At most 1,000. Default: 64. */
  readonly maxDepth?: number;
}

export type ResolvedGuardLimits = Required<GuardLimits>;

const mostDepth = 1_000;

/** Fills in the defaults. Throws `invalid_option`. */
export function resolveGuardLimits(limits: GuardLimits = {}): ResolvedGuardLimits {
  const resolved = {
    maxBytes: limits.maxBytes ?? 16 * 1_024 * 1_024,
    maxStringBytes: limits.maxStringBytes ?? 16 * 1_024 * 1_024,
    maxItems: limits.maxItems ?? 1_000_000,
    maxEmptyItems: limits.maxEmptyItems ?? 1_000,
    maxDepth: limits.maxDepth ?? 64,
  };
  for (const [name, value] of Object.entries(resolved)) {
    if (!Number.isSafeInteger(value) || value < 0 || (name === 'maxDepth' && (value < 1 || value > mostDepth))) {
      throw new SerializationError(
        `Guard option "${name}" is ${value}. It is a whole number from ${name === 'maxDepth' ? `1 to ${mostDepth}` : '0'}.`,
        { code: 'invalid_option' },
      );
    }
  }
  return resolved;
}
