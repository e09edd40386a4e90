import { builtinModules } from 'node:module';
import type { Problem } from '../problem.js';
import { declaredNames, type Manifest } from '../reading/manifest.js';
import type { Repository, WorkspacePackage } from '../reading/repository.js';
import { packageOf, type SourceFile } from '../reading/source-file.js';

const builtins = new Set(builtinModules);

/** What is imported is declared where its installer will look for it, and what is declared is used. */
export function checkDeclaredDependencies(repository: Repository): Problem[] {
  const atRoot = declaredNames(repository.manifest);
  return repository.packages.flatMap((each) => [...undeclared(each, atRoot), ...unused(each, repository)]);
}

const testOnly = ', or exclude the file in tsconfig.build.json if only tests use it';

function undeclared(owner: WorkspacePackage, atRoot: ReadonlySet<string>): Problem[] {
  const { manifest, folder, sources } = owner;
  const problems: Problem[] = [];
  for (const source of sources) {
    // A plain script among tests is run by a foreign program, with dependencies of that program's own.
    if (source.kind === 'test' && source.path.endsWith('.mjs')) continue;
    for (const { specifier, line } of source.imports) {
      const name = packageOf(specifier);
      if (name === undefined || name === owner.name || builtins.has(name)) continue;
      const fields = fieldsFor(source, owner);
      if (fields.some((field) => manifest[field]?.[name] !== undefined)) continue;
      // Tests and private tools use what the root provides to all: Vitest, TypeScript, fast-check.
      if ((source.kind === 'test' || manifest.private === true) && atRoot.has(name)) continue;
      const where = source.kind === 'test' ? 'devDependencies' : 'dependencies';
      const misplaced = manifest.devDependencies?.[name] !== undefined;
      problems.push({
        file: source.path,
        line,
        message: misplaced
          ? `"${name}" is a development dependency but shipped code imports it. Move it to "dependencies" in ${folder}/package.json.`
          : `"${name}" is not declared. Add it to "${where}" in ${folder}/package.json${source.kind === 'test' ? '' : testOnly}.`,
      });
    }
  }
  return problems;
}

function fieldsFor(source: SourceFile, owner: WorkspacePackage) {
  const shipped = ['dependencies', 'peerDependencies', 'optionalDependencies'] as const;
  // Nobody installs the tools and benchmarks of this repository: for them the two fields are one.
  return source.kind === 'test' || owner.manifest.private === true
    ? ([...shipped, 'devDependencies'] as const)
    : shipped;
}

function unused({ manifest, folder, sources }: WorkspacePackage, { packages }: Repository): Problem[] {
  return [...declaredNames(manifest)]
    .filter((name) => !isUsed(name, manifest, sources) && !isBrought(name, manifest, packages))
    .map((name) => ({
      file: `${folder}/package.json`,
      message: `"${name}" is declared but nothing in ${folder} uses it. Remove it.`,
    }));
}

/** What a package installs for one of its own dependencies, which only asks for it. */
function isBrought(name: string, manifest: Manifest, packages: readonly WorkspacePackage[]): boolean {
  return (
    manifest.optionalDependencies?.[name] !== undefined &&
    packages.some(
      (each) =>
        manifest.dependencies?.[each.name] !== undefined && each.manifest.peerDependencies?.[name] !== undefined,
    )
  );
}

function isUsed(name: string, manifest: Manifest, sources: readonly SourceFile[]): boolean {
  if (name.startsWith('@types/')) {
    const typed = name.slice('@types/'.length).replace(/^(.+)__(.+)$/, '@$1/$2');
    return typed === 'node' || declaredNames(manifest).has(typed);
  }
  const scripts = Object.values(manifest.scripts ?? {});
  return (
    sources.some(
      (source) =>
        source.imports.some(({ specifier }) => packageOf(specifier) === name) ||
        [...source.strings].some((text) => text === name || text.startsWith(`${name}/`)),
    ) || scripts.some((script) => script.split(/\s+/).includes(name))
  );
}
