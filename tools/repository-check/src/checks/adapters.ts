import { posix } from 'node:path';
import type { Problem } from '../problem.js';
import type { Repository } from '../reading/repository.js';
import { packageOf } from '../reading/source-file.js';

/** Clients of foreign systems; their types and errors stay behind one adapter of each package. */
const clients = ['kafkajs', 'ioredis', 'undici', 'avsc'] as const;

/** Shipped code of a package imports such a client in one folder only. */
export function checkAdapters(repository: Repository): Problem[] {
  const problems: Problem[] = [];
  for (const { room, name, sources } of repository.packages) {
    if (room !== 'packages') continue;
    for (const client of clients) {
      const folders = new Map<string, string>();
      for (const source of sources) {
        if (source.kind === 'test' || !source.imports.some(({ specifier }) => packageOf(specifier) === client))
          continue;
        const folder = posix.dirname(source.path);
        if (!folders.has(folder)) folders.set(folder, source.path);
      }
      if (folders.size <= 1) continue;
      const [home, ...others] = [...folders.keys()].sort();
      for (const folder of others) {
        problems.push({
          file: folders.get(folder)!,
          message: `${name} imports ${client} in ${folder} and in ${home}. Keep it in one adapter folder and give the rest an interface of our own.`,
        });
      }
    }
  }
  return problems;
}
