import { posix } from 'node:path';
import type { Problem } from '../problem.js';
import type { Repository } from '../reading/repository.js';

/** A relative import stays inside its package and names a file that is there, with its `.js` ending. */
export function checkRelativeImports(repository: Repository): Problem[] {
  const problems: Problem[] = [];
  for (const { folder, name, sources } of repository.packages) {
    for (const source of sources) {
      for (const { specifier, line } of source.imports) {
        if (!specifier.startsWith('.')) continue;
        const target = posix.join(posix.dirname(source.path), specifier);
        if (!target.startsWith(`${folder}/`)) {
          problems.push({
            file: source.path,
            line,
            message: `"${specifier}" leaves ${name}. Import the other package by its name and declare it in ${folder}/package.json.`,
          });
        }
      }
    }
  }
  return problems;
}
