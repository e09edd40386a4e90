import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a directory and those above it. Node's own `recursive` never ends where a directory is there and takes none
 * (`/proc`): it makes the parent, which is there, and tries again.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isMade(path, 'ENOENT')) return;
  const parent = dirname(path);
  if (parent !== path) await makeDirectory(parent);
  await isMade(path);
}

/** @param tolerated code of a failure that is answered with false; others are thrown */
async function isMade(path: string, tolerated?: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return true;
    if (code === tolerated) return false;
    throw error;
  }
}
