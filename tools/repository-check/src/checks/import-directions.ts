import type { Problem } from '../problem.js';
import type { Repository, WorkspacePackage } from '../reading/repository.js';
import { packageOf } from '../reading/source-file.js';

/**
 * Who may import whom, in shipped code. Where two packages must meet otherwise, the one that needs something owns a
 * small interface, and the application passes the other in.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  '@naru/core': [],
  '@naru/serializers': ['@naru/core'],
  '@naru/schema-registry': ['@naru/core'],
  '@naru/circuit-breaker': ['@naru/core'],
  '@naru/redis-cache': ['@naru/core'],
  '@naru/exchanges': ['@naru/core'],
  '@naru/kafka-clients': ['@naru/core', '@naru/serializers'],
  '@naru/embedded-kafka': [],
};

/** Imports run downward only; nothing below imports an application, not even in tests. Examples may use everything. */
export function checkImportDirections(repository: Repository): Problem[] {
  const byName = new Map(repository.packages.map((each) => [each.name, each]));
  const problems: Problem[] = [];
  for (const importer of repository.packages) {
    if (importer.room === 'packages' && !(importer.name in allowed)) {
      problems.push({
        file: `${importer.folder}/package.json`,
        message: `${importer.name} has no place in the import directions. Add it to "allowed" in tools/repository-check/src/checks/import-directions.ts.`,
      });
    }
    for (const source of importer.sources) {
      for (const { specifier, line } of source.imports) {
        const imported = byName.get(packageOf(specifier) ?? '');
        if (imported === undefined || imported === importer) continue;
        const message = refusal(importer, imported, source.kind);
        if (message !== undefined) problems.push({ file: source.path, line, message });
        else if (!isExported(imported, specifier)) {
          problems.push({
            file: source.path,
            line,
            message: `"${specifier}" is not among the exports of ${imported.name}. Import from ${listExports(imported)}, or export what you need there.`,
          });
        }
      }
    }
  }
  return problems;
}

function refusal(importer: WorkspacePackage, imported: WorkspacePackage, kind: 'shipped' | 'test'): string | undefined {
  // Examples stand outside, where the users are.
  if (importer.room === 'examples') return undefined;
  if (imported.room === 'apps' && importer.room !== 'apps') {
    return `${importer.name} imports the application ${imported.name}. Nothing imports apps: move what is shared into a package, or run the application as a process.`;
  }
  if (kind === 'test') return undefined;
  if (imported.room === 'tools' && importer.room !== 'tools' && importer.room !== 'benchmarks') {
    return `${importer.name} imports ${imported.name}, a tool of this repository. Shipped code does without tools; a test may use it.`;
  }
  const targets = allowed[importer.name];
  if (importer.room !== 'packages' || targets === undefined || targets.includes(imported.name)) return undefined;
  const may = targets.length === 0 ? 'no other package' : targets.join(' and ');
  return `${importer.name} may import ${may}, not ${imported.name}. Declare a small interface in ${importer.folder} and let the application pass the implementation in.`;
}

function isExported(target: WorkspacePackage, specifier: string): boolean {
  const path = `.${specifier.slice(target.name.length)}`;
  return Object.keys(target.manifest.exports ?? {}).some((pattern) => {
    const [before, after] = pattern.split('*') as [string, string?];
    return after === undefined ? path === pattern : path.startsWith(before) && path.endsWith(after);
  });
}

function listExports(target: WorkspacePackage): string {
  return Object.keys(target.manifest.exports ?? {})
    .filter((path) => path !== './package.json')
    .map((path) => `"${target.name}${path.slice(1)}"`)
    .join(' or ');
}
