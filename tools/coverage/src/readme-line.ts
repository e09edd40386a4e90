import type { PackageCoverage } from './package-coverage.js';

const place = /<!-- coverage -->[\s\S]*?<!-- \/coverage -->/;

/** The README with the figures in their place, or at its end. Whole percents, rounded down. */
export function withCoverage(readme: string, { lines, branches }: Omit<PackageCoverage, 'folder'>): string {
  const text = `<!-- coverage -->Tests reach ${Math.floor(lines)} % of the lines and ${Math.floor(branches)} % of the branches (\`pnpm coverage\`).<!-- /coverage -->`;
  return place.test(readme) ? readme.replace(place, text) : `${readme.trimEnd()}\n\n${text}\n`;
}
