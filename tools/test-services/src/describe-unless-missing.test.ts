import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const here = fileURLToPath(new URL('.', import.meta.url));

/** The suites run in a Vitest of their own, whose environment is ours to choose. */
describe('a suite that needs something', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'naru-describe-'));
    await writeFile(
      join(folder, 'vitest.config.mjs'),
      `export default { test: { globals: true, reporters: ['json'] } };`,
    );
  });
  afterEach(() => rm(folder, { recursive: true }));

  const run = async (
    test: string,
    environment: Record<string, string>,
  ): Promise<{ passed: number; failed: number; pending: number; text: string }> => {
    await writeFile(join(folder, 'a.test.mjs'), test);
    const none = { KAFKA_BROKERS: '', REDIS_URL: '', SCHEMA_REGISTRY_URL: '', NARU_REQUIRE_REAL: '', NARU_PYTHON: '' };
    const env = { ...process.env, ...none, ...environment };
    const text = await new Promise<string>((resolve) => {
      execFile(process.execPath, [vitest, 'run', '--root', folder], { env }, (_, stdout) => resolve(stdout));
    });
    const report = JSON.parse(text);
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: pending } = report;
    return { passed, failed, pending, text };
  };

  const real = `import { describeReal } from ${JSON.stringify(`${here}real-services.ts`)};
    describeReal('leases', ['redis', 'kafka'], () => { it('expire', () => {}); });`;
  const python = `import { describePython } from ${JSON.stringify(`${here}describe-python.ts`)};
    describePython('avro', 'no_such_module', 'pip install it', () => { it('agrees', () => {}); });`;

  it('runs where the addresses are set', async () => {
    const both = { REDIS_URL: 'redis://127.0.0.1', KAFKA_BROKERS: '127.0.0.1:1', NARU_REQUIRE_REAL: '1' };
    expect(await run(real, both)).toMatchObject({ passed: 1, failed: 0, pending: 0 });
  });

  it('is skipped under a name that says what is missing', async () => {
    const result = await run(real, { REDIS_URL: 'redis://127.0.0.1' });
    expect(result).toMatchObject({ passed: 0, failed: 0, pending: 1 });
    expect(result.text).toContain('leases [needs KAFKA_BROKERS]');
  });

  it('fails where everything is required, and says how to get it', async () => {
    const result = await run(real, { NARU_REQUIRE_REAL: '1' });
    expect(result).toMatchObject({ passed: 0, failed: 1, pending: 0 });
    expect(result.text).toContain('pnpm infra up');
  });

  it('asks for a Python module in the same way', async () => {
    expect(await run(python, {})).toMatchObject({ failed: 0, pending: 1 });
    const required = await run(python, { NARU_REQUIRE_REAL: '1' });
    expect(required).toMatchObject({ failed: 1, pending: 0 });
    expect(required.text).toContain('pip install it, or set NARU_PYTHON');
  });
});
