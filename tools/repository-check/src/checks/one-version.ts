import type { Problem } from '../problem.js';
import { dependencyFields } from '../reading/manifest.js';
import type { Repository } from '../reading/repository.js';

/** One range of each third-party dependency in the whole workspace; packages of the workspace by plain caret ranges. */
export function checkOneVersion(repository: Repository): Problem[] {
  const internal = new Set(repository.packages.map((each) => each.name));
  const first = new Map<string, { readonly range: string; readonly file: string }>();
  const problems: Problem[] = [];
  for (const { folder, manifest } of repository.packages) {
    const file = `${folder}/package.json`;
    for (const field of dependencyFields) {
      for (const [name, range] of Object.entries(manifest[field] ?? {})) {
        if (internal.has(name)) {
          if (!/^\^\d/.test(range)) {
            problems.push({ file, message: `"${name}" is "${range}". Write a plain range such as "^0.1.0".` });
          }
          continue;
        }
        // What a package accepts from its user may be wider than what the others install.
        if (field === 'peerDependencies') continue;
        // An alias says that another version is meant.
        if (range.startsWith('npm:')) continue;
        const other = first.get(name);
        if (other === undefined) first.set(name, { range, file });
        else if (other.range !== range) {
          problems.push({
            file,
            message: `"${name}" is "${range}" here and "${other.range}" in ${other.file}. Use one.`,
          });
        }
      }
    }
  }
  return problems;
}
