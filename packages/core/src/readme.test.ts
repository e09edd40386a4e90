import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';

// `runReadmeExample` of the test services would do this, but they are built on this package.
const folder = new URL('../.readme-examples/', import.meta.url);
const file = fileURLToPath(new URL(`example-${process.pid}.ts`, folder));

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(file, { force: true });
});

test('the example of the README prints what stands below it', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, example, output] = /^```ts\n(.*?)^```$\n\n^```\n(.*?)^```$/ms.exec(readme)!;
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...parts) => void lines.push(`${parts.join(' ')}\n`));
  await mkdir(folder, { recursive: true });
  await writeFile(file, example!);
  await import(/* @vite-ignore */ file);
  expect(lines.join('')).toBe(output);
});
