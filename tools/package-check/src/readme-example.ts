/** The first example of a README: TypeScript, or JavaScript where that is what it shows. */
export interface ReadmeExample {
  readonly language: 'ts' | 'js';
  readonly code: string;
}

export function firstExample(readme: string): ReadmeExample | undefined {
  const found = /^```(ts|js)\n(.*?)^```$/ms.exec(readme);
  return found ? { language: found[1] as 'ts' | 'js', code: found[2]! } : undefined;
}

/** The packages that code imports, each once. */
export function importedPackages(code: string): readonly string[] {
  const specifiers = [...code.matchAll(/\bfrom '([^'.][^']*)'|\bimport '([^'.][^']*)'/g)].map(
    (found) => found[1] ?? found[2]!,
  );
  const names = specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return [...new Set(names)];
}

/** Examples name the usual addresses of servers; here they are those of servers that were started for them. */
export function withAddresses(code: string, addresses: Readonly<Record<string, string>>): string {
  let result = code;
  for (const [usual, actual] of Object.entries(addresses)) result = result.replaceAll(usual, actual);
  return result;
}
