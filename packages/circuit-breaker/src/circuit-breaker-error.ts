import { NaruError, type NaruErrorOptions } from '@naru/core';

/** The stable codes of {@link CircuitBreakerError}. */
export type CircuitBreakerErrorCode =
  /** The circuit is open; retry after `retryAfterMs`. */
  | 'circuit_open'
  /** The circuit is half-open and all its probes are taken; retry after `retryAfterMs`. */
  | 'probes_taken'
  /** The circuit closed a moment ago and lets calls in gradually. */
  | 'ramping'
  /** An operator holds the circuit open. */
  | 'forced_open'
  /** The shared store cannot be reached and the breaker was told to refuse then, or an operator's change failed. */
  | 'store_unavailable'
  /** An option or argument is out of its range. */
  | 'invalid_argument'
  /** The breaker has been closed with `close()`. */
  | 'breaker_closed';

/** Every error this package throws on purpose. Branch on `code`. */
export class CircuitBreakerError extends NaruError {
  override name = 'CircuitBreakerError';
  declare readonly code: CircuitBreakerErrorCode;
  /** How long to wait before the next attempt can be let in, ms; undefined when nobody knows. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: NaruErrorOptions & { readonly code: CircuitBreakerErrorCode; readonly retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A call that the breaker did not let through. cockatiel's `isBrokenCircuitError` knows it as one of its own. */
export class CircuitRejection extends CircuitBreakerError {
  readonly isBrokenCircuitError = true;
}

/** An `invalid_argument` error whose message names the argument and the value. */
export function invalidArgument(name: string, value: unknown, expected: string): CircuitBreakerError {
  const shown = typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : String(value);
  return new CircuitBreakerError(`${name} is ${shown}; it must be ${expected}.`, { code: 'invalid_argument' });
}

/** Checks a number that counts something: whole and within [min, max]. */
export function checkWhole(name: string, value: number, min: number, max: number): number {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    throw invalidArgument(name, value, `a whole number from ${min} to ${max}`);
  }
  return value;
}

/** Checks a proportion: 0 (or more than 0) to 1. */
export function checkShare(name: string, value: number, { zero }: { readonly zero: boolean }): number {
  if (!(value >= 0 && value <= 1) || (!zero && value === 0)) {
    throw invalidArgument(name, value, zero ? 'from 0 to 1' : 'more than 0 and at most 1');
  }
  return value;
}
