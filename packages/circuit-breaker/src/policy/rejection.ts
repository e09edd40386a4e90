import { type CircuitBreakerErrorCode, CircuitRejection } from '../circuit-breaker-error.js';

type RejectionCode = Extract<
  CircuitBreakerErrorCode,
  'circuit_open' | 'probes_taken' | 'ramping' | 'forced_open' | 'store_unavailable'
>;

/** Why a call is not let through, as long as nobody needs an error of it. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RejectionCode;
  /** Whole ms; undefined when nobody knows. */
  readonly retryAfterMs: number | undefined;
  /** What an operator gave as his reason. */
  readonly reason: string | undefined;
}

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

export function refusal(code: RejectionCode, retryAfterMs: number | undefined, reason?: string | undefined): Refusal {
  return {
    kind: 'refused',
    code,
    retryAfterMs: retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs),
    reason,
  };
}

/** A refusal as an error, without a stack. */
export function rejection(name: string, { code, retryAfterMs, reason }: Refusal): CircuitRejection {
  const why = reason === undefined ? '' : ` (${reason})`;
  const retry = retryAfterMs === undefined ? 'Retry when it is released.' : `Retry in ${retryAfterMs} ms.`;
  const message = `The circuit ${name} ${texts[code]}${why}. ${retry}`;
  const options = { code, retryable: true, retryAfterMs };
  if (!canSkipStack) return new CircuitRejection(message, options);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return new CircuitRejection(message, options);
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * A promise that rejects with what `make` gives, when its caller has had the time to listen: one that is rejected
 * before anybody listens goes through Node's books of unhandled rejections, which costs as much as the error.
 */
export function rejectSoon(make: () => CircuitRejection): Promise<never> {
  return new Promise((_resolve, reject) => {
    const error = make();
    queueMicrotask(() => reject(error));
  });
}
