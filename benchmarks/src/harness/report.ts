import type { BenchmarkResult } from './benchmark.js';
import { countVerdicts, type Goal, verdict } from './goals.js';
import type { Machine } from './machine.js';
import { writeNumber } from './write-number.js';

/** What `pnpm bench` prints with `--json`. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly BenchmarkResult[];
  /** Every goal among the results, with its number. */
  readonly goals: readonly Goal[];
  /** Benchmarks that could not run, with the reason. */
  readonly failed: Readonly<Record<string, string>>;
}

/** The report for people. */
export function formatReport({ machine, versions, results, goals, failed }: Report): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ];
  for (const { name, unit, ours, spread, peers, goal, met, note } of results) {
    lines.push('', `${name} (${unit})`);
    lines.push(`  ours: ${writeNumber(ours)}${spread ? ` (${spread.map(writeNumber).join(' to ')})` : ''}`);
    for (const [peer, value] of Object.entries(peers))
      lines.push(
        `  ${peer}: ${value === null ? 'not run' : `${writeNumber(value)} (ours ÷ it: ${ratio(ours, value)})`}`,
      );
    lines.push(goal === null ? '  goal: none set' : `  goal: ${goal}: ${verdict(met)}`);
    if (note) lines.push(`  ${note}`);
  }
  lines.push('', `Goals: ${countVerdicts(goals.map(({ met }) => verdict(met)))}`);
  for (const { benchmark, name, unit, ours, goal, met } of goals) {
    if (met !== true)
      lines.push(`  ${verdict(met)}: ${benchmark}, ${name}: ${writeNumber(ours)} ${unit} (goal: ${goal})`);
  }
  for (const [name, reason] of Object.entries(failed)) lines.push('', `${name} could not run: ${reason}`);
  return lines.join('\n');
}

/** How many times the peer's figure ours is. */
export function ratio(ours: number, peer: number): string {
  const times = ours / peer;
  return peer === 0 ? '–' : times < 0.1 ? times.toPrecision(2) : times.toFixed(2);
}
