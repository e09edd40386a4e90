import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly license?: unknown;
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A package of this repository that strangers install. */
export interface PublishedPackage {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  /** From the root of the repository. */
  readonly place: string;
  readonly manifest: Manifest;
}

/** Every package that is published, in the order of names. */
export function publishedPackages(root: string): readonly PublishedPackage[] {
  return ['packages', 'apps']
    .flatMap((room) => readdirSync(join(root, room)).map((name) => `${room}/${name}`))
    .map((place) => {
      const folder = join(root, place);
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
      return { name: manifest.name, folder, place, manifest };
    })
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The package and those of this repository that come with it. */
export function withOwnDependencies(
  wanted: PublishedPackage,
  all: readonly PublishedPackage[],
): readonly PublishedPackage[] {
  const found = new Set<PublishedPackage>([wanted]);
  // What is added while a set is walked is walked as well.
  for (const each of found) {
    for (const name of Object.keys(each.manifest.dependencies ?? {})) {
      const own = all.find((candidate) => candidate.name === name);
      if (own) found.add(own);
    }
  }
  return [...found];
}
