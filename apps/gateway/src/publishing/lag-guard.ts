import type { Clock } from '@naru/core';

/** `late`: the event loop is slow enough to be told of; `shedding`: slow enough to give up tickers for it. */
export type LagState = 'calm' | 'late' | 'shedding';

export interface LagGuardOptions {
  /** The 99th percentile of the event loop's delay since the last call, in milliseconds. */
  readonly readP99Ms: () => number;
  /** Above it the loop is late. Default 50. */
  readonly lateMs?: number | undefined;
  /** Above it tickers are shed until it is under `lateMs` again. 0 never sheds. Default 200. */
  readonly shedMs?: number | undefined;
  /** How often it looks, in milliseconds. Default 2,000: a single pause of the garbage collector is not yet the 99th percentile. */
  readonly intervalMs?: number | undefined;
  readonly clock: Clock;
  /** After each look. */
  readonly onLook?: ((p99Ms: number, state: LagState) => void) | undefined;
  readonly onChange: (state: LagState, before: LagState, p99Ms: number) => void;
}

/** What is late stays so until it is clearly better: under this share of the mark. */
const calmAt = 0.8;

/** Watches the delay of the event loop. The answer ends it. */
export function startLagGuard(options: LagGuardOptions): () => void {
  const { readP99Ms, lateMs = 50, shedMs = 200, intervalMs = 2_000, clock, onLook, onChange } = options;
  let state: LagState = 'calm';

  const next = (p99: number): LagState => {
    if (shedMs > 0 && p99 > shedMs) return 'shedding';
    if (state === 'shedding' && p99 >= lateMs) return 'shedding';
    if (p99 > lateMs) return 'late';
    return state !== 'calm' && p99 >= lateMs * calmAt ? 'late' : 'calm';
  };
  const look = (): void => {
    const p99 = readP99Ms();
    const before = state;
    state = next(p99);
    onLook?.(p99, state);
    if (state !== before) onChange(state, before, p99);
    cancel = clock.schedule(intervalMs, look);
  };
  let cancel = clock.schedule(intervalMs, look);
  return () => cancel();
}
