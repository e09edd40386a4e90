import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest, PublishedPackage } from './published-packages.js';

/** A package of somebody else that is installed with one of ours. */
export interface ProductionDependency {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or whatever its manifest says. */
  readonly licence: string;
  readonly bytes: number;
}

/** Everything that comes with a package besides those of this repository, as the lockfile has it, in the order of names. */
export function productionDependencies(
  owner: PublishedPackage,
  own: ReadonlySet<string>,
): readonly ProductionDependency[] {
  const found = new Map<string, ProductionDependency>();
  const visited = new Set<string>();
  const visit = (folder: string): void => {
    const { dependencies, optionalDependencies } = readManifest(folder);
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const installed = resolve(name, folder);
      if (installed === undefined) {
        // Builds for other platforms are optional and absent here.
        if (optionalDependencies?.[name] !== undefined) continue;
        throw new Error(`${name}, which ${folder} depends on, is not installed. Run "pnpm install".`);
      }
      if (visited.has(installed)) continue;
      visited.add(installed);
      // What is only for this platform would make figures and lists differ between machines.
      if (optionalDependencies?.[name] !== undefined && !own.has(name)) continue;
      const manifest = readManifest(installed);
      if (!own.has(name)) {
        const licence =
          typeof manifest.license === 'string' ? manifest.license : JSON.stringify(manifest.license ?? null);
        const { version } = manifest;
        found.set(`${name}@${version}`, { name, version, licence, bytes: bytesOf(installed) });
      }
      visit(installed);
    }
  };
  visit(owner.folder);
  return [...found.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  );
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** As Node looks for packages: in every `node_modules` upwards. */
function resolve(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpathSync(candidate);
    if (dirname(folder) === folder) return undefined;
  }
}

function bytesOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') bytes += bytesOf(path);
    else if (entry.isFile()) bytes += statSync(path).size;
  }
  return bytes;
}
