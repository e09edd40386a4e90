import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeDirectory } from './make-directory.js';

test('makes what is missing above as well, at once for several, and leaves what is there', async () => {
  const root = await mkdtemp(join(tmpdir(), 'naru-spool-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const wanted = join(root, 'a', 'b', 'c');
  await Promise.all([makeDirectory(wanted), makeDirectory(wanted), makeDirectory(wanted)]);
  await makeDirectory(wanted);
  expect((await stat(wanted)).isDirectory()).toBe(true);
});

test.runIf(existsSync('/proc/self'))('fails where a directory takes none, rather than trying for ever', async () => {
  await expect(makeDirectory('/proc/naru/spool')).rejects.toMatchObject({ code: 'ENOENT' });
});
