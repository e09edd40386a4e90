import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package that people install, as the reference shows it. */
export interface PublishedPackage {
  readonly name: string;
  readonly folder: string;
  /** Sources of its entries, the main one first. */
  readonly entries: readonly string[];
}

type Exports = Readonly<Record<string, string | { readonly types?: string }>>;

/** The packages of the checkout that are not private, in the order of their names. */
export function publishedPackages(root: string): PublishedPackage[] {
  return ['packages', 'apps']
    .flatMap((room) => readdirSync(join(root, room)).map((name) => join(root, room, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, manifest }) => ({
      name: manifest.name as string,
      folder,
      entries: entriesOf(folder, manifest.exports),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function entriesOf(folder: string, exports: Exports): string[] {
  return Object.values(exports).flatMap((target) => {
    const types = typeof target === 'string' ? undefined : target.types;
    if (types === undefined || types.includes('*')) return [];
    return [join(folder, types.replace(/^\.\/dist\//, 'src/').replace(/\.d\.ts$/, '.ts'))];
  });
}
