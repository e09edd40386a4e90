import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BenchmarkOutcome, BenchmarkResult } from './harness/benchmark.js';
import { writeSection } from './harness/benchmarks-page.js';
import { writeFrontTable } from './harness/front-table.js';
import { type Goal, goalsOf } from './harness/goals.js';
import { describeMachine } from './harness/machine.js';
import { formatReport } from './harness/report.js';
import { repositoryRoot } from './harness/repository-root.js';
import { registry } from './registry.js';

const USAGE = `Usage: pnpm bench [name…] [--json] [--rounds N] [--no-write]
Runs all benchmarks, or the named ones: ${Object.keys(registry).join(', ')}.
Each writes its section of docs/benchmarks.md and its rows of README.md, unless --no-write is given.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    rounds: { type: 'string', default: '3' },
    'no-write': { type: 'boolean', default: false },
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
  const machine = describeMachine();
  const page = join(repositoryRoot(), 'docs', 'benchmarks.md');
  const node = { node: process.versions.node };
  const outcomes = new Map<string, Promise<BenchmarkOutcome>>();
  const outcomeOf = (name: string): Promise<BenchmarkOutcome> => {
    const known = outcomes.get(name);
    if (known) return known;
    const outcome = runBenchmark(name);
    outcomes.set(name, outcome);
    return outcome;
  };
  const runBenchmark = async (name: string): Promise<BenchmarkOutcome> => {
    const benchmark = await registry[name]!();
    process.stderr.write(`${name}: ${benchmark.description}\n`);
    const progress = (line: string): void => void process.stderr.write(`  ${line}\n`);
    const outcome = await benchmark.run({ rounds, progress, outcomeOf });
    if (!values['no-write']) {
      writeSection(page, {
        name,
        description: benchmark.description,
        date: new Date().toISOString().slice(0, 10),
        rounds,
        report: { machine, versions: { ...node, ...outcome.versions }, results: outcome.results },
      });
      writeFrontTable(join(repositoryRoot(), 'README.md'), page);
    }
    return outcome;
  };

  const versions: Record<string, string> = { ...node };
  const results: BenchmarkResult[] = [];
  const goals: Goal[] = [];
  const failed: Record<string, string> = {};
  for (const name of positionals.length > 0 ? positionals : Object.keys(registry)) {
    try {
      const outcome = await outcomeOf(name);
      Object.assign(versions, outcome.versions);
      results.push(...outcome.results);
      goals.push(...goalsOf(name, outcome.results));
    } catch (error) {
      // The others may still tell something.
      failed[name] = (error as Error).message;
      process.stderr.write(`  ${name} could not run: ${failed[name]}\n`);
      process.exitCode = 1;
    }
  }
  const report = { machine, versions, results, goals, failed };
  process.stdout.write(`${values.json ? JSON.stringify(report) : formatReport(report)}\n`);
}
