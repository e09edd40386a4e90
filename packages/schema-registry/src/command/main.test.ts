import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The built command, as its users run it, in the folder of the repository. */
function run(...args: readonly string[]) {
  const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
  const main = path('../../dist/command/main.js');
  return spawnSync(process.execPath, [main, ...args], { cwd: path('../../../..'), encoding: 'utf8' });
}

it('naru-schemas tells the shell by its exit code, people on both streams, and machines in JSON', () => {
  expect(run('list')).toMatchObject({ status: 0, stdout: expect.stringContaining('ticker-data-value'), stderr: '' });
  expect(run('check', '--against', 'git:HEAD:')).toMatchObject({ status: 2, stdout: '' });
  const lost = run('list', '--registry', 'http://127.0.0.1:9', '--retries', '0', '--json');
  expect(lost.status).toBe(3);
  expect(JSON.parse(lost.stdout)).toMatchObject({ error: { code: 'unreachable' } });
});
