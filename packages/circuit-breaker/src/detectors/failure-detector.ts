/**
 * Decides when a closed circuit should open. One detector belongs to one breaker; it sees the calls of one process,
 * and only those of the present generation.
 */
export interface FailureDetector {
  /** Whether it needs durations; without, calls are not timed. */
  readonly timed: boolean;
  /** A call succeeded. True opens the circuit: slow successes can be reason enough. */
  succeeded(durationMs: number): boolean;
  /** A call failed. True opens the circuit. */
  failed(durationMs: number): boolean;
  /** Forgets everything; called whenever the generation changes. */
  reset(): void;
  /** Plain data that `restore` of a detector with the same options understands. */
  toJSON(): unknown;
  /** Takes over exported data; ignores what it does not understand. */
  restore(state: unknown): void;
}
