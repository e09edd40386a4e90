import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { expectedOutput } from './expected-output.js';

const here = fileURLToPath(new URL('.', import.meta.url));

test('every example has an expected output, and the other way round', () => {
  const programs = readdirSync(here)
    .filter((file) => !/^expected-output|\.test\.ts$/.test(file))
    .map((file) => file.replace(/\.ts$/, ''));
  expect(Object.keys(expectedOutput).sort()).toEqual(programs.sort());
});

test.each(Object.entries(expectedOutput))('%s runs, prints what it says and ends by itself', async (name, lines) => {
  const built = fileURLToPath(new URL(`../dist/${name}.js`, import.meta.url));
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [built]);
  expect(stdout.trimEnd().split('\n')).toEqual(lines);
  expect(stderr).toBe('');
});
