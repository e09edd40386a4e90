import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reporter = fileURLToPath(new URL('naru-reporter.js', import.meta.url));

describe('the reporter, in a run of its own', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'naru-reporter-'));
    await writeFile(
      join(folder, 'vitest.config.mjs'),
      `import { NaruReporter } from ${JSON.stringify(reporter)};
       export default { test: { globals: true, reporters: [new NaruReporter()] } };`,
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** Runs these files under Vitest and gives its exit code, its output and the last line of that. */
  const run = async (
    files: Record<string, string>,
    options: { args?: string[]; requireReal?: boolean } = {},
  ): Promise<{ code: number; output: string; last: string }> => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const env = { ...process.env, NARU_TEST_SUMMARY: '', NARU_REQUIRE_REAL: options.requireReal ? '1' : '' };
    return new Promise((resolve) => {
      const args = [vitest, 'run', '--root', folder, ...(options.args ?? [])];
      execFile(process.execPath, args, { env }, (error, stdout) => {
        resolve({ code: Number(error?.code ?? 0), output: stdout, last: stdout.trimEnd().split('\n').at(-1) ?? '' });
      });
    });
  };

  const passing = 'it("holds", () => {});';
  const skipping = 'describe.skip("on Redis [needs REDIS_URL]", () => { it("a", () => {}); it("b", () => {}); });';

  it('ends with the number of passed tests', async () => {
    expect(await run({ 'a.test.mjs': passing })).toMatchObject({ code: 0, last: '1 passed, 0 failed' });
  });

  it('lists skipped suites once, with their reason', async () => {
    const { code, output, last } = await run({ 'a.test.mjs': passing + skipping });
    expect({ code, last }).toEqual({ code: 0, last: '1 passed, 0 failed, 2 skipped' });
    expect(output).toContain('  a.test.mjs > on Redis [needs REDIS_URL] (2 tests): needs REDIS_URL\n');
  });

  it('takes a skip for a failure where all real servers are required', async () => {
    const result = await run({ 'a.test.mjs': passing + skipping }, { requireReal: true });
    expect(result).toMatchObject({ code: 1, last: '1 passed, 1 failed, 2 skipped' });
    expect(result.output).toContain('2 tests were skipped although NARU_REQUIRE_REAL=1');
  });

  it('does not mind what a name filter leaves out', async () => {
    const result = await run({ 'a.test.mjs': passing + skipping }, { requireReal: true, args: ['-t', 'holds'] });
    expect(result).toMatchObject({ code: 0, last: '1 passed, 0 failed, 2 skipped' });
  });

  it('counts a failed test, a file that cannot be loaded, a broken hook and an unhandled error', async () => {
    const { code, output, last } = await run({
      'failed.test.mjs': 'it("fails", () => { expect(1).toBe(2); });',
      'import.test.mjs': 'import "./absent.mjs"; it("never runs", () => {});',
      'hook.test.mjs':
        'describe("suite", () => { beforeAll(() => { throw new Error("no server"); }); it("x", () => {}); });',
      'unhandled.test.mjs':
        'it("leaks", () => { queueMicrotask(() => { throw new Error("leaked"); }); return new Promise(setImmediate); });',
    });
    expect({ code, last: last.replace(/, \d+ skipped$/, '') }).toEqual({ code: 1, last: '1 passed, 4 failed' });
    expect(output).toMatch(/import\.test\.mjs: .*absent\.mjs/);
    expect(output).toContain('hook.test.mjs > suite: no server');
    expect(output).toContain('unhandled: leaked');
  });

  it('takes a run without tests for a failure', async () => {
    expect(await run({})).toMatchObject({ code: 1, last: '0 passed, 1 failed' });
    expect(await run({}, { args: ['--passWithNoTests'] })).toMatchObject({ code: 0, last: '0 passed, 0 failed' });
  });
});
