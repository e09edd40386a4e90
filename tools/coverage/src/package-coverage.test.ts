import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageCoverage } from './package-coverage.js';
import { withCoverage } from './readme-line.js';

const counted = (covered: number, total: number) => ({ covered, total });
const root = join('/', 'somewhere', 'naru');

test('adds up the files of a package, and leaves the sum of all out', () => {
  const summary = {
    total: { lines: counted(1, 1), branches: counted(1, 1) },
    [join(root, 'packages/core/src/clock.ts')]: { lines: counted(9, 10), branches: counted(1, 2) },
    [join(root, 'packages/core/src/errors/rules.ts')]: { lines: counted(10, 10), branches: counted(2, 2) },
    [join(root, 'apps/gateway/src/index.ts')]: { lines: counted(0, 0), branches: counted(0, 0) },
  };
  expect(packageCoverage(summary, root)).toEqual([
    { folder: 'apps/gateway', lines: 100, branches: 100 },
    { folder: 'packages/core', lines: 95, branches: 75 },
  ]);
});

test('the figures stand in their place, or at the end, and never above the truth', () => {
  const first = withCoverage('# core\n\nIt is.\n', { lines: 95.9, branches: 75 });
  expect(first).toBe(
    '# core\n\nIt is.\n\n<!-- coverage -->Tests reach 95 % of the lines and 75 % of the branches (`pnpm coverage`).<!-- /coverage -->\n',
  );
  expect(withCoverage(first, { lines: 96, branches: 75 })).toBe(first.replace('95 %', '96 %'));
});
