const begin = '<!-- installed -->';
const end = '<!-- /installed -->';
const line = /^<!-- installed -->.*<!-- \/installed -->$/m;
const figures = /([\d.]+) MB with (\d+|no) dependenc/;

export interface InstalledSize {
  /** Of the package and all that comes with it, unpacked. */
  readonly bytes: number;
  /** Packages that come with it. */
  readonly dependencies: number;
}

/** The README with its line about what an installation weighs, after the first block of commands if it had none. */
export function withInstalledSize(readme: string, size: InstalledSize): string {
  const text = `${begin}Installed: ${describe(size)}.${end}`;
  if (line.test(readme)) return readme.replace(line, text);
  return readme.replace(/^```sh\n.*?^```\n/ms, (block) => `${block}\n${text}\n`);
}

/** Whether the README still says what is true: the number of dependencies, and the size within a tenth. */
export function saysInstalledSize(readme: string, size: InstalledSize): boolean {
  const said = figures.exec(line.exec(readme)?.[0] ?? '');
  if (!said) return false;
  const megabytes = Number(said[1]);
  const near = Math.abs(megabytes - size.bytes / 1e6) <= Math.max(0.1, megabytes / 10);
  return near && (said[2] === 'no' ? 0 : Number(said[2])) === size.dependencies;
}

function describe({ bytes, dependencies }: InstalledSize): string {
  const count =
    dependencies === 0 ? 'no dependencies' : dependencies === 1 ? '1 dependency' : `${dependencies} dependencies`;
  return `${(bytes / 1e6).toFixed(1)} MB with ${count}`;
}
