/** The `exclude` of a `tsconfig.build.json`: what is not built is not shipped, whatever its name. */
export function createExcludeMatcher(configText: string | undefined): (path: string) => boolean {
  const patterns = (JSON.parse(configText ?? '{}') as { exclude?: string[] }).exclude ?? [];
  const expressions = patterns.map(globExpression);
  return (path) => expressions.some((expression) => expression.test(path));
}

/** TypeScript's globs: `**` over folders, `*` and `?` inside a name; a folder stands for all that it holds. */
function globExpression(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (wildcard) => wildcards[wildcard] ?? wildcard);
  return new RegExp(`^${source}(/|$)`);
}

const wildcards: Readonly<Record<string, string>> = { '**/': '(.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' };
