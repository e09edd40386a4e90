import { describeReal, redisDatabase, runReadmeExample } from '@naru/test-services';
import { afterEach, expect, test, vi } from 'vitest';

afterEach(() => void vi.restoreAllMocks());

function listen(): string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
  return lines;
}

test('the example fails five times and is not called a sixth time', async () => {
  const lines = listen();
  await runReadmeExample(import.meta.url);
  expect(lines.slice(0, 4)).toEqual([1, 2, 3, 4].map((attempt) => `attempt ${attempt} failed`));
  expect(lines).toContain('closed -> open');
  expect(lines.at(-1)).toMatch(/^not called; try again in \d+ ms$/);
});

describeReal('the example of a fleet', ['redis'], () => {
  test('calls, and stops when an operator says so', async () => {
    vi.stubEnv('REDIS_URL', redisDatabase(4));
    const lines = listen();
    await runReadmeExample(import.meta.url, 1);
    expect(lines).toEqual(['called', 'false']);
    vi.unstubAllEnvs();
  });
});
