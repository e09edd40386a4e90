import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.js';
import type { Packed } from './pack.js';
import { importedPackages, type ReadmeExample } from './readme-example.js';

/** What a stranger's project needs besides the package: its example's other imports, and types for the compiler. */
export interface Extras {
  /** Ranges by name. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** A project of somebody who has nothing but npm, with one package installed from tarballs. */
export class EmptyProject implements AsyncDisposable {
  readonly folder: string;
  readonly #typescript: string;

  private constructor(folder: string, typescript: string) {
    this.folder = folder;
    this.#typescript = typescript;
  }

  /** @param typescript path of the compiler to check with */
  static async create(typescript: string): Promise<EmptyProject> {
    return new EmptyProject(await mkdtemp(join(tmpdir(), 'naru-package-')), typescript);
  }

  /** Installs the tarballs, which stand for what the registry will have, and the extras from the registry. */
  async install(tarballs: readonly Packed[], extras: Extras): Promise<void> {
    const own = Object.fromEntries(tarballs.map(({ owner, file }) => [owner.name, `file:${file}`]));
    const manifest = { private: true, type: 'module', dependencies: { ...own, ...extras.dependencies } };
    await writeFile(join(this.folder, 'package.json'), JSON.stringify(manifest));
    await this.#run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']);
  }

  /** Checks the example as both kinds of projects would, and compiles it for Node; answers the file to run. */
  async compile({ language, code }: ReadmeExample): Promise<string> {
    await writeFile(join(this.folder, `example.${language}`), `${code}\nexport {};\n`);
    await this.#check('nodenext', { module: 'nodenext', outDir: 'compiled' });
    await this.#check('bundler', { module: 'esnext', moduleResolution: 'bundler', noEmit: true });
    return join(this.folder, 'compiled', 'example.js');
  }

  async #check(name: string, options: Readonly<Record<string, unknown>>): Promise<void> {
    const config = {
      compilerOptions: {
        target: 'es2022',
        lib: ['es2023', 'esnext.disposable'],
        types: ['node'],
        strict: true,
        allowJs: true,
        ...options,
      },
      include: ['example.*'],
    };
    const file = join(this.folder, `tsconfig.${name}.json`);
    await writeFile(file, JSON.stringify(config));
    await this.#run(process.execPath, [this.#typescript, '-p', file]);
  }

  /** Runs a compiled example with a Node; it must end by itself, and well. */
  async run(node: string, file: string, env: Readonly<Record<string, string>>): Promise<string> {
    return await runCommand(node, [file], { cwd: this.folder, env, timeoutMs: 60_000 });
  }

  /** The help of a program that came with the package. */
  async help(node: string, program: string): Promise<string> {
    return await runCommand(node, [join(this.folder, 'node_modules', '.bin', program), '--help'], { cwd: this.folder });
  }

  #run(file: string, args: readonly string[]): Promise<string> {
    return runCommand(file, args, { cwd: this.folder });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What the example imports besides what the package brings, with the ranges that this repository uses. */
export function extrasFor(
  example: ReadmeExample | undefined,
  brought: readonly string[],
  ranges: Readonly<Record<string, string>>,
): Extras {
  const dependencies: Record<string, string> = { '@types/node': ranges['@types/node'] ?? '^20.19.0' };
  for (const name of importedPackages(example?.code ?? '')) {
    if (!brought.includes(name)) dependencies[name] = ranges[name] ?? '*';
    const types = `@types/${name}`;
    if (ranges[types]) dependencies[types] = ranges[types];
  }
  return { dependencies };
}
