import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { publishedPackages } from './published-packages.js';
import { writeReference } from './write-reference.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('finds every package that people install, with the sources of all its entries', () => {
  const packages = publishedPackages(root);
  expect(packages.map(({ name }) => name)).toContain('@naru/kafka-clients');
  expect(packages.every(({ name }) => !name.startsWith('@naru/test-'))).toBe(true);
  const { entries } = packages.find(({ name }) => name === '@naru/redis-cache')!;
  expect(entries.map((entry) => entry.slice(root.length))).toEqual([
    'packages/redis-cache/src/index.ts',
    'packages/redis-cache/src/testing/index.ts',
  ]);
});

test('no comment links to what is not there', { timeout: 120_000 }, async () => {
  expect(await writeReference({ root, out: undefined })).toEqual({
    packages: publishedPackages(root).length,
    problems: 0,
  });
});
