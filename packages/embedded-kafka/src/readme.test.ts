import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { run } from './clients/foreign-client.js';

const folder: string = join(import.meta.dirname, '..');

it('shows an example in its README that runs', async () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)![1]!;
  // Inside of the package, so that it is found by its own name; `await using` is for newer Nodes and compilers.
  const beside = mkdtempSync(join(folder, '.readme-'));
  try {
    const script = join(beside, 'example.mjs');
    writeFileSync(script, `${example.replace('await using broker', 'const broker')}\nawait broker.close();\n`);
    expect(await run(process.execPath, [script])).toBe('2\n');
  } finally {
    rmSync(beside, { recursive: true });
  }
});

it('has a command that prints the bootstrap address and ends when it is told to', async () => {
  const child = spawn(process.execPath, [join(folder, 'bin/naru-kafka.js'), '--port', '0', '--nodes', '2'], {
    stdio: 'pipe',
  });
  let warning = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    warning += text;
  });
  const address = await new Promise<string>((resolve) => {
    child.stdout.setEncoding('utf8').once('data', resolve);
  });
  expect(address).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+\n$/);
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(warning).toContain('FOR DEVELOPMENT AND TESTS ONLY');
});

it('has a command that says what is wrong with its arguments', async () => {
  await expect(run(process.execPath, [join(folder, 'bin/naru-kafka.js'), '--nodes', '0'])).rejects.toThrow(
    'Option "nodes" is 0; give an integer from 1 to 100.',
  );
});
