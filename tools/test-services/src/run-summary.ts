/** What one run of the tests came to. */
export interface RunSummary {
  readonly passed: number;
  /** Failed tests, and whatever else kept the run from being whole: see `problems`. */
  readonly failed: number;
  readonly skipped: number;
  /** Failures that no test stands for: a file that could not be loaded, a hook, an unhandled error, an empty run. */
  readonly problems: readonly string[];
  readonly skips: readonly SkippedGroup[];
}

/** Tests of one suite that were skipped for one reason. */
export interface SkippedGroup {
  readonly file: string;
  readonly title: string;
  readonly reason: string;
  readonly tests: number;
}

/** `12 passed, 0 failed`, with `, 3 skipped` when there are any: the last line of every run. */
export function summaryLine(summary: Pick<RunSummary, 'passed' | 'failed' | 'skipped'>): string {
  const skipped = summary.skipped > 0 ? `, ${summary.skipped} skipped` : '';
  return `${summary.passed} passed, ${summary.failed} failed${skipped}`;
}

/** Everything to be read above the last line: problems, then skips with the way to run them. */
export function summaryDetails(summary: RunSummary): string {
  const lines: string[] = [];
  if (summary.problems.length > 0) {
    lines.push('Failures outside of tests:', ...summary.problems.map((problem) => `  ${problem}`), '');
  }
  if (summary.skips.length > 0) {
    lines.push('Skipped:');
    for (const { file, title, tests, reason } of summary.skips) {
      lines.push(`  ${file} > ${title} (${tests} ${tests === 1 ? 'test' : 'tests'}): ${reason}`);
    }
    lines.push('Real servers: "pnpm infra up" starts them, "pnpm test:real" runs these tests against them.', '');
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** The reason that a suite's title gives in brackets, as `describeReal` writes it: `… [needs REDIS_URL]`. */
export function reasonInTitle(title: string): string | undefined {
  return /\[(needs [^\]]+)\]/.exec(title)?.[1];
}
