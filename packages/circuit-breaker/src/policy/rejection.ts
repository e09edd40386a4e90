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

// A rejection says all in its message, and there are thousands a second of them when there is any: collecting a stack
// costs three times what everything else about it costs. Where the limit is frozen, the stack stays.
const canSkipStack = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.writable === true;

/** A refusal, without a stack. */
export function rejection(
  name: string,
  code: RejectionCode,
  retryAfterMs: number | undefined,
  detail?: string | undefined,
): CircuitRejection {
  const why = detail === undefined ? '' : ` (${detail})`;
  const retry = retryAfterMs === undefined ? 'Retry when it is released.' : `Retry in ${Math.ceil(retryAfterMs)} ms.`;
  const options = { code, retryable: true };
  const limit = Error.stackTraceLimit;
  if (canSkipStack) Error.stackTraceLimit = 0;
  try {
    return new CircuitRejection(
      `The circuit ${name} ${texts[code]}${why}. ${retry}`,
      retryAfterMs === undefined ? options : { ...options, retryAfterMs: Math.ceil(retryAfterMs) },
    );
  } finally {
    if (canSkipStack) Error.stackTraceLimit = limit;
  }
}
