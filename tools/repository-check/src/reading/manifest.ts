/** The fields of a `package.json` that the checks look at, as they may be found: nothing is certain. */
export interface Manifest {
  readonly name?: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean | readonly string[];
  readonly engines?: { readonly node?: string };
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly publishConfig?: { readonly access?: string };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Dependencies;
  readonly devDependencies?: Dependencies;
  readonly peerDependencies?: Dependencies;
  readonly optionalDependencies?: Dependencies;
}

type Dependencies = Readonly<Record<string, string>>;

export const dependencyFields: readonly [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
] = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/** Every name that a manifest declares, whatever the field. */
export function declaredNames(manifest: Manifest): Set<string> {
  return new Set(dependencyFields.flatMap((field) => Object.keys(manifest[field] ?? {})));
}
