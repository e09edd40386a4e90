import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.restoreAllMocks());

it('the example of the README prints what stands below it', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, code = '', printed = ''] = /```ts\n(.*?)```\n\n```\n(.*?)```/s.exec(readme) ?? [];
  const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const dir = await mkdtemp(join(tmpdir(), 'naru-readme-'));
  const file = join(dir, 'example.ts');
  await writeFile(
    file,
    code
      .replace("'@naru/schema-registry/testing'", `'${source('./testing/index.ts')}'`)
      .replace("'@naru/schema-registry'", `'${source('./index.ts')}'`),
  );
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((...parts) => void lines.push(`${parts.join(' ')}\n`));
  await import(file);
  await rm(dir, { recursive: true });
  expect(lines.join('')).toBe(printed);
});
