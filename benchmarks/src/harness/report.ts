import type { BenchmarkResult } from './benchmark.js';
import type { Machine } from './machine.js';

/** What `pnpm bench` prints with `--json`. */
export interface Report {
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly BenchmarkResult[];
}

const round = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Math.round(value * 1_000) / 1_000);

/** The report for people. */
export function formatReport({ machine, versions, results }: Report): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ];
  for (const { name, unit, ours, peers, goal, met, note } of results) {
    lines.push('', `${name} (${unit})`, `  ours: ${round(ours)}`);
    for (const [peer, value] of Object.entries(peers))
      lines.push(`  ${peer}: ${value === null ? 'not run' : round(value)}`);
    lines.push(`  goal: ${goal}: ${met === null ? 'not decided' : met ? 'met' : 'MISSED'}`);
    if (note) lines.push(`  ${note}`);
  }
  return lines.join('\n');
}
