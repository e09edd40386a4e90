import type { BenchmarkResult } from './benchmark.js';

/** A goal of the project, and what became of it in a run. */
export interface Goal extends Pick<BenchmarkResult, 'name' | 'unit' | 'ours' | 'met'> {
  readonly benchmark: string;
  readonly goal: string;
}

/** The goals among a benchmark's results. */
export function goalsOf(benchmark: string, results: readonly BenchmarkResult[]): Goal[] {
  return results.flatMap(({ name, unit, ours, goal, met }) =>
    goal === null ? [] : [{ benchmark, name, unit, ours, goal, met }],
  );
}

/** How a goal's outcome is written: `met`, `missed`, or `not decided` where a peer could not run. */
export function verdict(met: boolean | null): Verdict {
  return met === null ? 'not decided' : met ? 'met' : 'missed';
}

/** In the order in which a reader wants to know. */
export const verdicts = ['missed', 'not decided', 'met'] as const;
export type Verdict = (typeof verdicts)[number];

/** `2 missed, 0 not decided, 40 met`. */
export function countVerdicts(found: readonly Verdict[]): string {
  return verdicts.map((one) => `${found.filter((each) => each === one).length} ${one}`).join(', ');
}
