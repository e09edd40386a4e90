import { checkAdapters } from './checks/adapters.js';
import { checkDeclaredDependencies } from './checks/declared-dependencies.js';
import { checkImportDirections } from './checks/import-directions.js';
import { checkLinks } from './checks/links.js';
import { checkManifests } from './checks/manifests.js';
import { checkOneVersion } from './checks/one-version.js';
import { checkRelativeImports } from './checks/relative-imports.js';
import { checkTestModifiers } from './checks/test-modifiers.js';
import { checkWords } from './checks/words.js';
import type { Problem } from './problem.js';
import { type Repository, readRepository } from './reading/repository.js';

const checks: readonly ((repository: Repository) => Problem[])[] = [
  checkImportDirections,
  checkRelativeImports,
  checkDeclaredDependencies,
  checkOneVersion,
  checkAdapters,
  checkManifests,
  checkLinks,
  checkTestModifiers,
  checkWords,
];

export interface CheckResult {
  readonly packages: number;
  readonly files: number;
  /** In the order of files and lines. */
  readonly problems: readonly Problem[];
}

/** Reads the checkout at `root` and applies every check to it. */
export async function checkRepository(root: string): Promise<CheckResult> {
  const repository = await readRepository(root);
  const unreadable = repository.packages.flatMap(({ sources }) =>
    sources.flatMap(({ path, syntaxErrors }) => syntaxErrors.map((message): Problem => ({ file: path, message }))),
  );
  const problems = [...unreadable, ...checks.flatMap((check) => check(repository))];
  problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)));
  return { packages: repository.packages.length, files: repository.files.size, problems };
}
