#!/usr/bin/env node
// Runs the tests: run.js [--real] [--long] [arguments of Vitest]. Its last line is always `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { infraPaths } from '@naru/infra';
import { parseRunOptions, realAddresses, requireAnswers } from './run-options.js';
import { type RunSummary, summaryDetails, summaryLine } from './run-summary.js';

const paths = infraPaths();
const folder = await mkdtemp(join(tmpdir(), 'naru-test-'));
try {
  const summaryFile = join(folder, 'summary.json');
  const { args, environment } = await prepare(summaryFile);
  const end = await runVitest(args, environment);
  const summary = await readSummary(summaryFile, end);
  process.stdout.write(`\n${summaryDetails(summary)}${summaryLine(summary)}\n`);
  process.exitCode = summary.failed > 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.stdout.write(`${summaryLine({ passed: 0, failed: 1, skipped: 0 })}\n`);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function prepare(summaryFile: string): Promise<{ args: string[]; environment: NodeJS.ProcessEnv }> {
  const options = parseRunOptions(process.argv.slice(2));
  const environment: NodeJS.ProcessEnv = { ...process.env, NARU_TEST_SUMMARY: summaryFile };
  if (options.long) environment.NARU_LONG = '1';
  if (options.real) {
    const addresses = await realAddresses(process.env, paths.state);
    await requireAnswers(addresses);
    Object.assign(environment, addresses, { NARU_REQUIRE_REAL: '1' });
  }
  return { args: ['run', ...options.vitest], environment };
}

/** Vitest in a process of its own: whatever ends it, this one is left to tell. */
function runVitest(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vitest, ...args], {
      cwd: paths.repository,
      env: environment,
      stdio: 'inherit',
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? String(code)));
  });
}

/** What the reporter wrote. A run that ended otherwise than its own account says is a failure. */
async function readSummary(file: string, end: string): Promise<RunSummary> {
  let summary: RunSummary;
  try {
    summary = JSON.parse(await readFile(file, 'utf8')) as RunSummary;
  } catch {
    summary = { passed: 0, failed: 0, skipped: 0, problems: [], skips: [] };
  }
  if (end === '0' || summary.failed > 0) return summary;
  const problem = `Vitest ended with ${end} and without a failed test to show for it; see its output above`;
  return { ...summary, failed: 1, problems: [...summary.problems, problem] };
}
