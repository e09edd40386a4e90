import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const built = new URL('../dist/logging.js', import.meta.url).href;

/** A process that logs, with nobody reading it until the test does. */
function startLogging(script: string, env: Readonly<Record<string, string>> = {}) {
  const source = `import { createJsonLogger } from ${JSON.stringify(built)};
    const logger = createJsonLogger('info');
    ${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  return { child, said: once(child.stdout!, 'data'), exited: once(child, 'exit') };
}

const lineCount = 20_000;
const logMuch = `for (let n = 0; n < ${lineCount}; n += 1) logger.info('x'.repeat(400), { n });`;

test('nothing waits for whoever reads the log, and what is left out meanwhile is counted', async () => {
  const { child, said, exited } = startLogging(`${logMuch} process.stdout.write('done');`);
  await said;
  const lines = (await text(child.stderr!)).trimEnd().split('\n');
  const last = JSON.parse(lines.pop()!) as { level: string; count: number };
  expect(last).toMatchObject({
    level: 'warn',
    msg: `${last.count} lines of the log were left out: nobody read them in time`,
  });
  expect(last.count).toBeGreaterThan(1_000);
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(
    Array.from({ length: lineCount - last.count }, (_, n) => n),
  );
  await exited;
});

test('the last lines before an exit are written, in their order, however busy the threads are that write', async () => {
  // The only thread has something else in hand when the lines are given to it.
  const { child, exited } = startLogging(
    `const { pbkdf2 } = await import('node:crypto');
    pbkdf2('a', 'b', 20_000, 64, 'sha512', () => {});
    logger.info('first');
    logger.info('last');
    process.exit(3);`,
    { UV_THREADPOOL_SIZE: '1' },
  );
  expect(
    (await text(child.stderr!))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).msg),
  ).toEqual(['first', 'last']);
  expect(await exited).toEqual([3, null]);
});

test('a process whose log nobody reads exits all the same', async () => {
  // As soon as a process looks at its stderr, writes to a full pipe are refused rather than waited for.
  const { child, exited } = startLogging(`process.stderr; ${logMuch} process.exit(0);`);
  expect(await exited).toEqual([0, null]);
  child.stderr!.destroy();
});
