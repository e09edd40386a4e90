import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createExcludeMatcher } from './build-excludes.js';
import type { Manifest } from './manifest.js';
import { readSource, type SourceFile } from './source-file.js';

/** The checkout as the checks see it. */
export interface Repository {
  readonly root: string;
  readonly manifest: Manifest;
  readonly packages: readonly WorkspacePackage[];
  /** Every text file, with its content, that git tracks or would track. */
  readonly files: ReadonlyMap<string, string>;
}

export interface WorkspacePackage {
  /** Path from the root, such as `packages/core`. */
  readonly folder: string;
  readonly room: Room;
  readonly name: string;
  readonly manifest: Manifest;
  readonly sources: readonly SourceFile[];
}

export type Room = 'packages' | 'apps' | 'tools' | 'benchmarks' | 'examples';

const packageManifest = /^((packages|apps|tools)\/[^/]+|benchmarks|examples)\/package\.json$/;
const sourceName = /\.[cm]?[jt]s$/;
const textName = /(\.([cm]?[jt]s|json|avsc|md|ya?ml|xml|sh|properties)|^\.ci\/run|\/LICENSE|^LICENSE)$/;
const testName = /\.(test|bench|config)\.[cm]?[jt]s$|\/(test|bench)\//;
// A generated lockfile is nobody's prose.
const unread = /(^|\/)(pnpm-lock\.yaml|node_modules|dist)(\/|$)/;

export async function readRepository(root: string): Promise<Repository> {
  const files = new Map<string, string>();
  for (const path of await listFiles(root)) {
    if (unread.test(path) || !textName.test(path)) continue;
    try {
      files.set(path, await readFile(join(root, path), 'utf8'));
    } catch (error) {
      // Deleted, and not yet committed so.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  const packages: WorkspacePackage[] = [];
  for (const [path, text] of files) {
    const match = packageManifest.exec(path);
    if (match === null) continue;
    const folder = match[1]!;
    const manifest = parseManifest(path, text);
    const isExcluded = createExcludeMatcher(files.get(`${folder}/tsconfig.build.json`));
    const kindOf = (file: string): SourceFile['kind'] =>
      testName.test(file) || isExcluded(file.slice(folder.length + 1)) ? 'test' : 'shipped';
    packages.push({
      folder,
      room: (match[2] ?? folder) as Room,
      name: manifest.name ?? folder,
      manifest,
      sources: [...files]
        .filter(([file]) => file.startsWith(`${folder}/`) && sourceName.test(file))
        .map(([file, source]) => readSource(file, source, kindOf(file))),
    });
  }
  return { root, manifest: parseManifest('package.json', files.get('package.json') ?? '{}'), packages, files };
}

async function listFiles(root: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    'git',
    // Whoever runs the check may not own the checkout, as in many containers.
    ['-c', 'safe.directory=*', '-C', root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z'],
    { maxBuffer: 64 * 1024 ** 2 },
  );
  return stdout.split('\0').filter(Boolean);
}

function parseManifest(path: string, text: string): Manifest {
  try {
    return JSON.parse(text) as Manifest;
  } catch (error) {
    throw new Error(`${path} is not JSON: ${(error as Error).message}. Mend its syntax first.`);
  }
}
