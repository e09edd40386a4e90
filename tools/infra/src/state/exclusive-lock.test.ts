import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProgress } from '../command/progress.js';
import { processStart } from '../process/process-identity.js';
import { withLock } from './exclusive-lock.js';

describe('the lock of an infra folder', () => {
  let folder: string;
  let path: string;
  const progress = createProgress(() => {});
  const { signal } = new AbortController();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'infra-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is held during the work and leaves nothing behind', async () => {
    const during = await withLock(path, progress, signal, () => readdir(folder));
    expect(during).toContain('lock');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is given back when the work fails', async () => {
    const failing = withLock(path, progress, signal, () => Promise.reject(new Error('broken')));
    await expect(failing).rejects.toThrow('broken');
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a process that is gone', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: 'another life' }));
    expect(await withLock(path, progress, signal, async () => 'mine')).toBe('mine');
  });

  it('is taken over when its file cannot be read', async () => {
    await writeFile(path, '');
    expect(await withLock(path, progress, signal, async () => 'mine')).toBe('mine');
  });

  it('is waited for while its holder lives, until the wait is aborted', async () => {
    await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: await processStart(process.pid) }));
    const stop = new AbortController();
    const told = createProgress(() => stop.abort(new Error('enough')));
    await expect(withLock(path, told, stop.signal, async () => 'mine')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['lock']);
  });
});
