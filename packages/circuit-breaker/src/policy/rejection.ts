import { type CircuitBreakerErrorCode, CircuitRejection } from '../circuit-breaker-error.js';

type RejectionCode = Extract<
  CircuitBreakerErrorCode,
  'circuit_open' | 'probes_taken' | 'ramping' | 'forced_open' | 'store_unavailable'
>;

const texts: Readonly<Record<RejectionCode, string>> = {
  circuit_open: 'is open',
  probes_taken: 'is half-open and all its probes are under way',
  ramping: 'closed a moment ago and lets calls in gradually',
  forced_open: 'is held open by an operator',
  store_unavailable: 'cannot be read, because its store is away',
};

export function rejection(
  name: string,
  code: RejectionCode,
  retryAfterMs: number | undefined,
  detail?: string | undefined,
): CircuitRejection {
  const why = detail === undefined ? '' : ` (${detail})`;
  const retry = retryAfterMs === undefined ? 'Retry when it is released.' : `Retry in ${Math.ceil(retryAfterMs)} ms.`;
  return new CircuitRejection(`The circuit ${name} ${texts[code]}${why}. ${retry}`, {
    code,
    retryable: true,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs: Math.ceil(retryAfterMs) }),
  });
}
