import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The built command, as its users run it. */
function start(...args: readonly string[]) {
  const main = fileURLToPath(new URL('../../dist/testing/main.js', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  return { child, exited: once(child, 'exit'), lines: createInterface({ input: child.stdout }) };
}

it('naru-registry prints its address, answers there, and ends with 0 when interrupted', async () => {
  const { child, exited, lines } = start('--port', '0', '--compatibility', 'FULL');
  const [url] = (await once(lines, 'line')) as [string];
  expect(await (await fetch(`${url}/config`)).json()).toEqual({ compatibilityLevel: 'FULL' });
  child.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
});

it('naru-registry says why it cannot start', async () => {
  const { child, exited } = start('--port', '70000');
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const [code] = await exited;
  expect(code).not.toBe(0);
  expect(text).toContain('65535');
});
