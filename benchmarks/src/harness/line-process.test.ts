import { expect, test } from 'vitest';
import { startLineProcess } from './line-process.js';

const echo = `console.log('ready'); process.stdin.setEncoding('utf8').on('data', (text) => process.stdout.write('heard ' + text));
process.on('SIGTERM', () => { console.log('bye'); process.exit(0); });`;

test('a process is asked line by line and says its last word when it is stopped', async () => {
  const child = await startLineProcess({ command: process.execPath, args: ['-e', echo] });
  expect(child.readyLine).toBe('ready');
  expect(await child.ask('one')).toBe('heard one');
  expect(await child.ask('two')).toBe('heard two');
  expect(await child.stop()).toBe('bye');
});

test('a process that ends before it is ready fails with what it complained of', async () => {
  const args = ['-e', 'console.error("no broker"); process.exit(3)'];
  await expect(startLineProcess({ command: process.execPath, args })).rejects.toThrow(/ended with 3[\s\S]*no broker/);
});
