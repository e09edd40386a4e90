import { readFile } from 'node:fs/promises';
import { formatWithOptions } from 'node:util';
import { runReadmeExample } from '@naru/test-services';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.restoreAllMocks());

it('prints, with the example of the README, what stands below it', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...parts) => void lines.push(`${formatWithOptions({}, ...parts)}\n`));
  await runReadmeExample(import.meta.url);
  expect(/^```ts\n.*?^```$\n\n^```\n(.*?)^```$/ms.exec(readme)?.[1]).toBe(lines.join(''));
});
