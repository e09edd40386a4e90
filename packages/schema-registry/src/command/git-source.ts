import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SchemaSource } from '../directory/load-schema-directory.js';
import { SchemaRegistryError } from '../registry-error.js';

const run = promisify(execFile);

/** Largest schema file that is read from a repository. */
const maxFileBytes = 16 * 1024 * 1024;

/** A directory as it was at a revision. */
export function gitSource(revision: string, dir: string): SchemaSource {
  return {
    name: `${revision}:${dir}`,
    read: async (file) => {
      try {
        // "./" makes git take the path from the directory it runs in; the revision cannot be taken for an option.
        const args = ['show', '--end-of-options', `${revision}:./${file}`];
        return (await run('git', args, { cwd: dir, maxBuffer: maxFileBytes })).stdout;
      } catch (cause) {
        const reason = (cause as { stderr?: string }).stderr?.trim() || (cause as Error).message;
        throw new SchemaRegistryError(
          `${file} of revision ${revision} cannot be read (${reason}). Name a revision that git knows and that has ${dir}.`,
          { code: 'source_unreadable', cause },
        );
      }
    },
  };
}
