import type { BenchmarkResult } from './benchmark.js';
import type { Machine } from './machine.js';
import { writeNumber } from './write-number.js';

/** What `pnpm bench` prints with `--json`. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly BenchmarkResult[];
  /** Benchmarks that could not run, with the reason. */
  readonly failed: Readonly<Record<string, string>>;
}

/** The report for people. */
export function formatReport({ machine, versions, results, failed }: Report): string {
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
    lines.push(`  goal: ${goal}: ${met === null ? 'not decided' : met ? 'met' : 'MISSED'}`);
    if (note) lines.push(`  ${note}`);
  }
  for (const [name, reason] of Object.entries(failed)) lines.push('', `${name} could not run: ${reason}`);
  return lines.join('\n');
}

/** How many times the peer's figure ours is. */
export function ratio(ours: number, peer: number): string {
  const times = ours / peer;
  return peer === 0 ? '–' : times < 0.1 ? times.toPrecision(2) : times.toFixed(2);
}
