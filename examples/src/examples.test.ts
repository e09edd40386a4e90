import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

test('CommonJS requires each package as it stands', async () => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const names = Object.keys(dependencies).filter((name) => name.startsWith('@naru/'));
  const program = `for (const name of ${JSON.stringify(names)}) if (Object.keys(require(name)).length > 0) console.log(name)`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=commonjs', '-e', program], {
    cwd: here,
  });
  expect(stdout.trim().split('\n')).toEqual(names);
});
