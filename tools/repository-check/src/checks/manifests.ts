import { posix } from 'node:path';
import type { Problem } from '../problem.js';
import type { Repository, WorkspacePackage } from '../reading/repository.js';

/** What a package needs to be installed, understood and trusted by a stranger. */
export function checkManifests(repository: Repository): Problem[] {
  return repository.packages.flatMap((each) => {
    const file = `${each.folder}/package.json`;
    return [...fieldProblems(each, repository), ...exportProblems(each, repository)]
      .map((message): Problem => ({ file, message }))
      .concat(documentProblems(each, repository));
  });
}

function* fieldProblems({ manifest, folder, room }: WorkspacePackage, repository: Repository): Generator<string> {
  const expectedName = `@naru/${folder.split('/').at(-1)}`;
  if (manifest.name !== expectedName)
    yield `"name" is "${manifest.name}". Name it "${expectedName}", after its folder.`;
  if (!manifest.description) yield 'There is no "description". Add one sentence; the README begins with the same.';
  if (manifest.license !== 'MIT') yield `"license" is ${JSON.stringify(manifest.license)}. Set it to "MIT".`;
  if (manifest.type !== 'module') yield 'It is not an ES module. Set "type" to "module".';
  if (manifest.sideEffects === undefined) {
    yield 'Bundlers cannot tell what to drop. Set "sideEffects" to false, or list the files that have some.';
  }
  const node = repository.manifest.engines?.node;
  if (manifest.engines?.node !== node) {
    yield `"engines.node" is ${JSON.stringify(manifest.engines?.node)}. Set it to "${node}", as at the root.`;
  }
  if (!manifest.files?.includes('dist')) yield 'The build would not be packed. Add "dist" to "files".';
  const isPrivate = room === 'tools' || room === 'benchmarks' || room === 'examples';
  if (isPrivate && manifest.private !== true)
    yield 'Tools, benchmarks and examples are not published. Set "private" to true.';
  if (!isPrivate && manifest.publishConfig?.access !== 'public') {
    yield 'npm publishes scoped packages privately by default. Set "publishConfig": { "access": "public" }.';
  }
}

function* exportProblems({ manifest, folder, room }: WorkspacePackage, repository: Repository): Generator<string> {
  // Nobody imports examples: they are run.
  if (room === 'examples') return;
  const entries = Object.entries(manifest.exports ?? {});
  if (!entries.some(([path]) => path === '.')) {
    yield 'There is no "." in "exports". Add { "types": "./dist/index.d.ts", "default": "./dist/index.js" }.';
  }
  for (const [path, target] of entries) {
    if (typeof target === 'string') {
      // Data, such as a folder of JSON, has no types.
      if (/\.[cm]?js$/.test(target)) {
        yield `"exports" of "${path}" has no types. Write { "types": …, "default": … }.`;
      }
      continue;
    }
    const conditions = Object.keys(target);
    if (conditions[0] !== 'types') {
      yield `"exports" of "${path}" begins with "${conditions[0]}". Put "types" first: the first match wins.`;
    }
    for (const file of Object.values(target)) {
      if (!hasSource(folder, file, repository)) yield `"exports" of "${path}" names ${file}, which no source becomes.`;
    }
  }
  for (const [name, file] of Object.entries(manifest.bin ?? {})) {
    const source = sourceOf(folder, file);
    const text = repository.files.get(source);
    if (text === undefined) yield `"bin" of "${name}" names ${file}, which is not there. Add ${source}.`;
    else if (!text.startsWith('#!'))
      yield `"bin" of "${name}" does not run. Begin ${source} with "#!/usr/bin/env node".`;
    const top = posix.normalize(file).split('/')[0]!;
    if (!manifest.files?.includes(top)) yield `"bin" of "${name}" would not be packed. Add "${top}" to "files".`;
  }
}

function documentProblems({ manifest, folder, name, room }: WorkspacePackage, repository: Repository): Problem[] {
  const problems: Problem[] = [];
  const readme = repository.files.get(`${folder}/README.md`);
  if (readme === undefined) {
    problems.push({
      file: `${folder}/README.md`,
      message: 'It is missing. Begin with one sentence, install, an example.',
    });
  } else if (!readme.startsWith(`# ${name}\n`)) {
    problems.push({ file: `${folder}/README.md`, line: 1, message: `Begin it with "# ${name}".` });
  } else if (!/^\S/m.test(readme.slice(readme.indexOf('\n') + 1))) {
    problems.push({
      file: `${folder}/README.md`,
      message: 'It says nothing. Begin with one sentence on what this is for.',
    });
  }
  const published = manifest.private !== true && (room === 'packages' || room === 'apps');
  if (published && !repository.files.has(`${folder}/LICENSE`)) {
    problems.push({
      file: `${folder}/LICENSE`,
      message: 'It is missing, and npm packs only this folder. Copy /LICENSE.',
    });
  }
  return problems;
}

function hasSource(folder: string, built: string, repository: Repository): boolean {
  return repository.files.has(sourceOf(folder, built));
}

/** `packages/core/src/index.ts` of `./dist/index.d.ts`; what is not built is its own source. */
function sourceOf(folder: string, file: string): string {
  const path = posix.normalize(file);
  const source = path.startsWith('dist/') ? path.replace(/^dist/, 'src').replace(/\.(d\.ts|js)$/, '.ts') : path;
  return `${folder}/${source}`;
}
