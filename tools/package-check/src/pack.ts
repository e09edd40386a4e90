import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.js';
import type { PublishedPackage } from './published-packages.js';

/** What `npm publish` would send. */
export interface Packed {
  readonly owner: PublishedPackage;
  /** Path of the tarball. */
  readonly file: string;
  readonly unpackedBytes: number;
  readonly files: readonly string[];
  read(): Promise<Buffer>;
}

export async function pack(owner: PublishedPackage, into: string): Promise<Packed> {
  const output = await runCommand('npm', ['pack', '--json', '--pack-destination', into], { cwd: owner.folder });
  const parsed = JSON.parse(output) as unknown;
  // npm 12 answers an object by name where older ones answer a list.
  const [report] = Object.values(parsed as object) as [
    { filename: string; unpackedSize: number; files: readonly { path: string }[] },
  ];
  const file = join(into, report.filename);
  return {
    owner,
    file,
    unpackedBytes: report.unpackedSize,
    files: report.files.map(({ path }) => path),
    read: () => readFile(file),
  };
}
