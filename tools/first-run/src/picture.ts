// Draws docs/first-run.svg: what "npm start" shows on a terminal after some seconds.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { screenPicture } from './screen-picture.js';
import { screenAfter } from './terminal-screen.js';

const seconds = 10;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = fileURLToPath(new URL('./main.js', import.meta.url));
// A terminal of its own, so that the display draws as it does for people.
const { stdout, status, error } = spawnSync(
  'script',
  ['--quiet', '--return', '--command', `"${process.execPath}" "${main}" --for ${seconds}`, '/dev/null'],
  { encoding: 'utf8', stdio: ['ignore', 'pipe', 2] },
);
if (error || status !== 0) {
  process.stderr.write(
    `naru: the picture needs a run that ends well, in a terminal that util-linux's "script" gives: ${error?.message ?? `it ended with ${status}`}.\n`,
  );
  process.exitCode = 1;
} else {
  const lines = screenAfter(stdout).filter((line) => line !== '');
  writeFileSync(join(root, 'docs', 'first-run.svg'), screenPicture('npm start', lines));
}
