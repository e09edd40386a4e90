import { relative, sep } from 'node:path';

/** What the tests reached of one package, in percent. */
export interface PackageCoverage {
  /** Such as `packages/core`. */
  readonly folder: string;
  readonly lines: number;
  readonly branches: number;
}

interface Counted {
  readonly total: number;
  readonly covered: number;
}

/** Vitest's `json-summary`: an entry a file, and one for all together. */
export type CoverageSummary = Readonly<Record<string, { readonly lines: Counted; readonly branches: Counted }>>;

/** Adds up the files of each package. */
export function packageCoverage(summary: CoverageSummary, root: string): PackageCoverage[] {
  const sums = new Map<string, { lines: Counted; branches: Counted }>();
  for (const [file, { lines, branches }] of Object.entries(summary)) {
    if (file === 'total') continue;
    const folder = relative(root, file).split(sep).slice(0, 2).join('/');
    const sum = sums.get(folder);
    sums.set(
      folder,
      sum ? { lines: add(sum.lines, lines), branches: add(sum.branches, branches) } : { lines, branches },
    );
  }
  return [...sums]
    .map(([folder, { lines, branches }]) => ({ folder, lines: percent(lines), branches: percent(branches) }))
    .sort((a, b) => a.folder.localeCompare(b.folder));
}

function add(one: Counted, other: Counted): Counted {
  return { total: one.total + other.total, covered: one.covered + other.covered };
}

function percent({ total, covered }: Counted): number {
  return total === 0 ? 100 : (100 * covered) / total;
}
