/** Anything that decides whether a call may be made now: `@naru/circuit-breaker`, cockatiel's policies, your own. */
export interface Breaker {
  execute<T>(call: () => Promise<T>): Promise<T>;
}

/** Whether an error says that the breaker did not let the call through, as cockatiel's and ours do. */
export function isBreakerRejection(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    (('isBrokenCircuitError' in error && error.isBrokenCircuitError === true) ||
      ('isIsolatedCircuitError' in error && error.isIsolatedCircuitError === true))
  );
}

/** How long the breaker asks to wait, milliseconds; undefined when it does not say. */
export function retryAfterMs(error: unknown): number | undefined {
  const wait = typeof error === 'object' && error !== null && 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return typeof wait === 'number' && Number.isFinite(wait) && wait >= 0 ? wait : undefined;
}
