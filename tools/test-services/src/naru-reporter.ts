import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { type RunSummary, reasonInTitle, type SkippedGroup, summaryDetails, summaryLine } from './run-summary.js';

/**
 * Ends a run with what was skipped and how to get it, and then with the line `N passed, N failed`. Where
 * `NARU_TEST_SUMMARY` names a file the summary goes there instead, and the runner prints it once Vitest is gone:
 * Vitest itself may write after its reporters.
 */
export class NaruReporter implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: 'passed' | 'interrupted' | 'failed',
  ): void {
    const config = this.#vitest?.config;
    const summary = summarize(modules, unhandledErrors, {
      root: config?.root ?? process.cwd(),
      interrupted: reason === 'interrupted',
      emptyIsFine: config?.passWithNoTests ?? false,
      // With `-t`, what does not match is skipped because somebody chose so.
      skipsAreChosen: config?.testNamePattern !== undefined,
      skipsFail: process.env.NARU_REQUIRE_REAL === '1',
    });
    if (summary.failed > 0) process.exitCode = 1;
    const file = process.env.NARU_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(summary));
    else process.stdout.write(`\n${summaryDetails(summary)}${summaryLine(summary)}\n`);
  }
}

interface SummaryOptions {
  /** Files are named relative to it. */
  readonly root: string;
  readonly interrupted: boolean;
  readonly emptyIsFine: boolean;
  readonly skipsAreChosen: boolean;
  /** Whether a skip is a failure, as where all real servers are required. */
  readonly skipsFail: boolean;
}

function summarize(
  modules: readonly TestModule[],
  unhandledErrors: readonly SerializedError[],
  options: SummaryOptions,
): RunSummary {
  const counts = { passed: 0, failed: 0, skipped: 0, unfinished: 0 };
  const problems: string[] = [];
  const skips = new Map<string, SkippedGroup>();

  for (const module of modules) {
    const file = relative(options.root, module.moduleId);
    for (const error of module.errors()) problems.push(`${file}: ${firstLine(error)}`);
    for (const suite of module.children.allSuites()) {
      for (const error of suite.errors()) problems.push(`${file} > ${suite.fullName}: ${firstLine(error)}`);
    }
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'passed') counts.passed += 1;
      else if (result.state === 'failed') counts.failed += 1;
      else if (result.state === 'pending') counts.unfinished += 1;
      else {
        counts.skipped += 1;
        if (!options.skipsAreChosen) addSkip(skips, file, test, result.note);
      }
    }
  }
  for (const error of unhandledErrors) problems.push(`unhandled: ${firstLine(error)}`);
  if (counts.unfinished > 0) problems.push(`${counts.unfinished} tests did not come to an end`);
  if (options.interrupted) problems.push('the run was interrupted');
  if (counts.passed + counts.failed + counts.skipped === 0 && problems.length === 0 && !options.emptyIsFine) {
    problems.push('no tests were found');
  }
  if (options.skipsFail && skips.size > 0) {
    problems.push(`${counts.skipped} tests were skipped although NARU_REQUIRE_REAL=1 asks for all of them`);
  }
  return {
    passed: counts.passed,
    failed: counts.failed + problems.length,
    skipped: counts.skipped,
    problems,
    skips: [...skips.values()],
  };
}

function addSkip(skips: Map<string, SkippedGroup>, file: string, test: TestCase, note: string | undefined): void {
  const suite = outermostSkipped(test);
  const title = suite?.fullName ?? test.fullName;
  const reason = note ?? reasonInTitle(title) ?? skipReason(test);
  const key = JSON.stringify([file, title, reason]);
  skips.set(key, { file, title, reason, tests: (skips.get(key)?.tests ?? 0) + 1 });
}

function skipReason(test: TestCase): string {
  for (let parent: TestSuite | TestModule = test.parent; ; parent = parent.parent) {
    if (parent.errors().length > 0) return 'a hook of its suite failed';
    if (parent.type === 'module') return test.options.mode === 'todo' ? 'marked as to do' : 'marked as skipped';
  }
}

function outermostSkipped(test: TestCase): TestSuite | undefined {
  let found: TestSuite | undefined;
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) {
    if (parent.state() === 'skipped') found = parent;
  }
  return found;
}

function firstLine(error: SerializedError): string {
  return (error.message ?? String(error)).split('\n')[0] ?? '';
}
