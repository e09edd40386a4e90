import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Runs a TypeScript example of a package's README as it stands there, so that what people copy works.
 *
 * @param testUrl `import.meta.url` of a test in the package's `src`
 * @param index which of the README's `ts` blocks, from 0
 */
export async function runReadmeExample(testUrl: string, index = 0): Promise<void> {
  const folder = dirname(dirname(fileURLToPath(testUrl)));
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const example = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)][index]?.[1];
  if (example === undefined) throw new Error(`${folder}/README.md has no ts block number ${index}.`);
  // Inside the package, so that the example finds it by its name; the folder is ignored by git.
  const examples = join(folder, '.readme-examples');
  const file = join(examples, `example-${index}-${process.pid}.ts`);
  await mkdir(examples, { recursive: true });
  await writeFile(file, example);
  try {
    await import(/* @vite-ignore */ file);
  } finally {
    await rm(file);
  }
}
