import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CoverageSummary, packageCoverage } from './package-coverage.js';
import { withCoverage } from './readme-line.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const args = process.argv.slice(2);
const whole = args.every((arg) => arg === '--real');
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'tools/test-services/dist/run.js'),
    ...args,
    '--coverage.enabled',
    '--coverage.provider=v8',
    '--coverage.reporter=html',
    '--coverage.reporter=json-summary',
    '--coverage.include=packages/*/src/**/*.ts',
    '--coverage.include=apps/*/src/**/*.ts',
    '--coverage.exclude=**/*.test.ts',
  ],
  { cwd: root, stdio: ['ignore', 2, 2] },
);
if (status === 0) {
  const summary = JSON.parse(readFileSync(join(root, 'coverage/coverage-summary.json'), 'utf8')) as CoverageSummary;
  for (const { folder, lines, branches } of packageCoverage(summary, root)) {
    process.stdout.write(
      `${folder.padEnd(28)} ${lines.toFixed(1).padStart(5)} % lines  ${branches.toFixed(1).padStart(5)} % branches\n`,
    );
    if (!whole) continue;
    const readme = join(root, folder, 'README.md');
    writeFileSync(readme, withCoverage(readFileSync(readme, 'utf8'), { lines, branches }));
  }
} else {
  process.stderr.write('naru: the tests failed, so there is nothing to say about what they reach.\n');
  process.exitCode = 1;
}
