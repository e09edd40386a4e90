export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * What an operator decided. `automatic`: the breaker itself. `forced-open`: nothing passes. `forced-closed`: everything
 * passes and nothing opens it. `disabled`: as if there were no breaker. `metrics-only`: everything passes, the breaker
 * says when it would have opened.
 */
export type OperatorMode = 'automatic' | 'forced-open' | 'forced-closed' | 'disabled' | 'metrics-only';

export const operatorModes: readonly OperatorMode[] = [
  'automatic',
  'forced-open',
  'forced-closed',
  'disabled',
  'metrics-only',
];

/** A circuit as its store saw it at one moment. Durations are relative to that moment, so clocks need not agree. */
export interface CircuitSnapshot {
  readonly state: CircuitState;
  /** The generation: grows with every change of state. 0 when nothing was ever stored. */
  readonly epoch: number;
  /** Grows with every write. 0 when nothing is stored. */
  readonly revision: number;
  /** How often in a row the circuit has opened without closing. */
  readonly attempt: number;
  /** Open: ms until probes may pass. Half-open: ms until the next probe's lease ends. Otherwise 0. */
  readonly retryAfterMs: number;
  /** Ms since the state began; undefined when nothing was ever stored. */
  readonly ageMs: number | undefined;
  /** Of this half-open generation: probes that succeeded, and probes under way. */
  readonly succeeded: number;
  readonly probing: number;
  readonly mode: OperatorMode;
  /** Why and by whom the mode was set. */
  readonly reason: string | undefined;
  readonly author: string | undefined;
}

/** A circuit of which nothing is stored. */
export const freshCircuit: CircuitSnapshot = {
  state: 'closed',
  epoch: 0,
  revision: 0,
  attempt: 0,
  retryAfterMs: 0,
  ageMs: undefined,
  succeeded: 0,
  probing: 0,
  mode: 'automatic',
  reason: undefined,
  author: undefined,
};
