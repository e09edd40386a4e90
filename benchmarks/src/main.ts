import { parseArgs } from 'node:util';
import type { BenchmarkResult } from './harness/benchmark.js';
import { describeMachine } from './harness/machine.js';
import { formatReport } from './harness/report.js';
import { registry } from './registry.js';

const USAGE = `Usage: pnpm bench [name…] [--json] [--rounds N]
Runs all benchmarks, or the named ones: ${Object.keys(registry).join(', ')}.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h' },
  },
});
const rounds = Number(values.rounds);
const unknown = positionals.filter((name) => !(name in registry));
if (values.help) {
  process.stdout.write(`${USAGE}\n`);
} else if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(
    `${unknown.length > 0 ? `No benchmark is called ${unknown.join(', ')}.` : `--rounds is ${values.rounds}; it must be 1 or more.`}\n${USAGE}\n`,
  );
  process.exitCode = 2;
} else {
  const versions: Record<string, string> = { node: process.versions.node };
  const results: BenchmarkResult[] = [];
  for (const name of positionals.length > 0 ? positionals : Object.keys(registry)) {
    const benchmark = await registry[name]!();
    process.stderr.write(`${name}: ${benchmark.description}\n`);
    const outcome = await benchmark.run({ rounds, progress: (line) => process.stderr.write(`  ${line}\n`) });
    Object.assign(versions, outcome.versions);
    results.push(...outcome.results);
  }
  const report = { machine: describeMachine(), versions, results };
  process.stdout.write(`${values.json ? JSON.stringify(report) : formatReport(report)}\n`);
}
