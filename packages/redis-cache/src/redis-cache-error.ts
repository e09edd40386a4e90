import { NaruError, type NaruErrorOptions } from '@naru/core';

/** The stable codes of {@link RedisCacheError}. */
export type RedisCacheErrorCode =
  /** Redis could not be reached, or the connection broke while the command was under way. Retryable. */
  | 'unavailable'
  /** Redis did not answer within the command timeout; the command may have been carried out. Retryable. */
  | 'timeout'
  /** Redis refused the user, the password or the command (ACL). */
  | 'denied'
  /** Redis answered with an error that none of the other codes describes. */
  | 'rejected'
  /** The write carried a fencing token older than the entry's, or none where one is needed. */
  | 'stale_token'
  /** There is no such entry; it was never written, was removed or has expired. */
  | 'not_found'
  /** Another member of the fleet could not answer a question; the message is its own. Retryable. */
  | 'request_failed'
  /** What is stored under the key was not written by this package, or only in part. */
  | 'damaged_value'
  /** An argument is out of its range. */
  | 'invalid_argument'
  /** The manager has been closed, or `initialize()` has not been awaited. */
  | 'not_ready';

/** Every error this package throws on purpose. Branch on `code`. */
export class RedisCacheError extends NaruError {
  override name = 'RedisCacheError';
  declare readonly code: RedisCacheErrorCode;

  constructor(message: string, options: NaruErrorOptions & { readonly code: RedisCacheErrorCode }) {
    super(message, options);
  }
}

/** An `invalid_argument` error whose message names the argument and the value. */
export function invalidArgument(name: string, value: unknown, expected: string): RedisCacheError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return new RedisCacheError(`${name} is ${shown}; it must be ${expected}.`, { code: 'invalid_argument' });
}

/** Checks a number option that counts something: whole, safe and within [min, max]. */
export function checkWhole(name: string, value: number, min: number, max: number = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidArgument(name, value, `a whole number from ${min} to ${max}`);
  }
  return value;
}
