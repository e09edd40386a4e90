import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { EmptyProject, extrasFor } from './empty-project.js';
import { isPermissive, type LicensedDependency, renderLicences } from './licences.js';
import { type Packed, pack } from './pack.js';
import { type ProductionDependency, productionDependencies } from './production-dependencies.js';
import { type PublishedPackage, publishedPackages, withOwnDependencies } from './published-packages.js';
import { publintProblems, typesProblems } from './published-shape.js';
import { firstExample, withAddresses } from './readme-example.js';
import { type InstalledSize, saysInstalledSize, withInstalledSize } from './readme-size.js';
import { startServersForExamples } from './servers-for-examples.js';

export interface CheckOptions {
  readonly root: string;
  /** Packages to install in an empty project; all when absent. */
  readonly install?: readonly string[];
  /** Besides the Node that runs this, so that examples run on a current one. A version, or undefined for none. */
  readonly otherNode: string | undefined;
  /** Writes sizes and licences instead of checking them. */
  readonly write: boolean;
  /** Told what was done, a line each. */
  readonly progress: (line: string) => void;
}

/** Checks everything that is published; answers what is wrong, a line each. */
export async function checkPackages(options: CheckOptions): Promise<string[]> {
  const { root, progress } = options;
  const all = publishedPackages(root);
  const unknown = (options.install ?? []).filter((name) => !all.some((each) => each.name === name));
  if (unknown.length > 0) return [`There is no published package ${unknown.join(', ')}.`];
  const folder = await mkdtemp(join(tmpdir(), 'naru-packed-'));
  try {
    const packed = new Map<string, Packed>();
    for (const each of all) packed.set(each.name, await pack(each, folder));
    const problems: string[] = [];
    for (const each of all) problems.push(...(await checkShape(each, packed.get(each.name)!, progress)));
    problems.push(...(await checkDependencies(all, packed, options)));
    problems.push(...(await checkInstallations(all, packed, options)));
    return problems;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkShape(
  owner: PublishedPackage,
  packed: Packed,
  progress: CheckOptions['progress'],
): Promise<string[]> {
  const problems = [...(await publintProblems(packed)), ...(await typesProblems(packed))];
  const strays = packed.files.filter((file) => /\.test\.|(^|\/)testdata\/|\.tsbuildinfo$/.test(file));
  problems.push(...strays.map((file) => `packs ${file}, which is no use to anybody else.`));
  for (const needed of ['README.md', 'LICENSE']) {
    if (!packed.files.includes(needed)) problems.push(`does not pack ${needed}.`);
  }
  progress(
    `${owner.name}: ${packed.files.length} files, publint and attw ${problems.length === 0 ? 'clean' : 'not clean'}`,
  );
  return problems.map((problem) => `${owner.name}: ${problem}`);
}

async function checkDependencies(
  all: readonly PublishedPackage[],
  packed: ReadonlyMap<string, Packed>,
  { root, write, progress }: CheckOptions,
): Promise<string[]> {
  const problems: string[] = [];
  const own = new Set(all.map(({ name }) => name));
  const everywhere = new Map<string, ProductionDependency & { readonly broughtBy: string[] }>();
  for (const each of all) {
    const dependencies = productionDependencies(each, own);
    for (const dependency of dependencies) {
      const key = `${dependency.name}@${dependency.version}`;
      const known = everywhere.get(key);
      if (known) known.broughtBy.push(each.name);
      else everywhere.set(key, { ...dependency, broughtBy: [each.name] });
    }
    const ours = withOwnDependencies(each, all);
    const size: InstalledSize = {
      bytes: sum(ours.map(({ name }) => packed.get(name)!.unpackedBytes)) + sum(dependencies.map(({ bytes }) => bytes)),
      dependencies: ours.length - 1 + dependencies.length,
    };
    const file = join(each.folder, 'README.md');
    const readme = await readFile(file, 'utf8');
    progress(`${each.name}: ${(size.bytes / 1e6).toFixed(1)} MB installed, ${size.dependencies} dependencies`);
    if (saysInstalledSize(readme, size)) continue;
    if (write) await writeFile(file, withInstalledSize(readme, size));
    else problems.push(`${each.place}/README.md: the installed size is not right. Run "pnpm packages --write".`);
  }
  const licensed: LicensedDependency[] = [...everywhere.values()].sort((a, b) =>
    `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1,
  );
  for (const { name, version, licence, broughtBy } of licensed) {
    if (isPermissive(licence)) continue;
    problems.push(
      `${name}@${version} of ${broughtBy.join(', ')}: the licence ${licence} is not let in. Do without it.`,
    );
  }
  const file = join(root, 'docs/licences.md');
  const text = renderLicences(licensed);
  const written = await readFile(file, 'utf8').catch(() => '');
  if (written !== text) {
    if (write) await writeFile(file, text);
    else problems.push('docs/licences.md: the list is not right. Run "pnpm packages --write".');
  }
  return problems;
}

async function checkInstallations(
  all: readonly PublishedPackage[],
  packed: ReadonlyMap<string, Packed>,
  { root, install, otherNode, progress }: CheckOptions,
): Promise<string[]> {
  const typescript = join(root, 'node_modules/typescript/bin/tsc');
  const nodes = [process.execPath, ...(otherNode === undefined ? [] : [await findNode(otherNode, root)])];
  const ranges = Object.assign({}, ...all.map(({ manifest }) => manifest.devDependencies ?? {})) as Record<
    string,
    string
  >;
  await using servers = await startServersForExamples();
  const problems: string[] = [];
  for (const each of all) {
    if (install && !install.includes(each.name)) continue;
    const begun = performance.now();
    try {
      await installAndRun(each);
      progress(`${each.name}: works alone, ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    } catch (error) {
      problems.push(`${each.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;

  async function installAndRun(owner: PublishedPackage): Promise<void> {
    const ours = withOwnDependencies(owner, all);
    const example = firstExample(await readFile(join(owner.folder, 'README.md'), 'utf8'));
    const brought = ours.map(({ name }) => name);
    await using project = await EmptyProject.create(typescript);
    await project.install(
      ours.map(({ name }) => packed.get(name)!),
      extrasFor(example, brought, ranges),
    );
    for (const program of Object.keys(owner.manifest.bin ?? {})) {
      for (const node of nodes) await project.help(node, program);
    }
    if (!example) return;
    const file = await project.compile({ ...example, code: withAddresses(example.code, servers.addresses) });
    for (const node of nodes) await project.run(node, file, {});
  }
}

/** The path of a Node of this version, brought by npm. */
async function findNode(version: string, cwd: string): Promise<string> {
  const args = [
    'exec',
    '--yes',
    '--prefer-offline',
    `--package=node@${version}`,
    '--',
    'node',
    '-p',
    'process.execPath',
  ];
  return (await runCommand('npm', args, { cwd })).trim();
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
