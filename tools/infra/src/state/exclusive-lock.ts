import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Progress } from '../command/progress.js';
import { InfraError } from '../infra-error.js';
import { isSameProcess, processStart } from '../process/process-identity.js';
import { waitUntil } from '../process/wait-until.js';

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/**
 * Lets one `up` or `down` at a time work in a folder. The holder's pid and start are in the file, so that the lock of
 * a process that was killed is taken over.
 */
export async function withLock<T>(
  path: string,
  progress: Progress,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, JSON.stringify({ pid: process.pid, startedAt: await processStart(process.pid) }));
  try {
    let told = false;
    const taken = await waitUntil(
      async () => {
        if (await tryLink(mine, path)) return true;
        const holder = await readHolder(path);
        if (holder === undefined || !(await isSameProcess(holder))) {
          await removeStale(path, mine, holder);
          return tryLink(mine, path);
        }
        if (!told) progress.say(`waiting for process ${holder.pid}, which works in the same folder`);
        told = true;
        return false;
      },
      { timeoutMs: 300_000, signal },
    );
    if (!taken) {
      throw new InfraError('locked', `Another process holds ${path} for five minutes. End it, then run this again.`);
    }
    try {
      return await work();
    } finally {
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

/** A hard link appears complete or not at all, unlike a file that is created and then filled. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes the file of a dead holder away. Another process may do the same at the same time and hold the lock by now:
 * what was moved is looked at again, and a living holder's file is put back.
 */
async function removeStale(path: string, mine: string, dead: Holder | undefined): Promise<void> {
  const moved = `${mine}.stale`;
  try {
    await rename(path, moved);
  } catch {
    return;
  }
  const holder = await readHolder(moved);
  if (holder !== undefined && holder.startedAt !== dead?.startedAt) await tryLink(moved, path);
  await rm(moved, { force: true });
  if (dead !== undefined && dead.pid !== process.pid) await rm(`${path}.${dead.pid}`, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
