import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pack } from './pack.js';
import { publintProblems, typesProblems } from './published-shape.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naru-shape-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = {
  name: 'shape',
  version: '1.0.0',
  type: 'module',
  files: ['dist'],
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
};

/** A package with these files, as npm packs it. */
async function packed(files: Readonly<Record<string, string>>, changes: object = {}) {
  await mkdir(join(folder, 'dist'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'dist', name), text);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, ...changes }));
  return await pack({ name: 'shape', folder, place: 'packages/shape', manifest: { ...manifest, ...changes } }, folder);
}

const good = { 'index.js': 'export const a = 1;\n', 'index.d.ts': 'export declare const a: number;\n' };

test('has nothing to say about a package that is right', async () => {
  const it = await packed(good);
  expect(it.files).toEqual(['dist/index.d.ts', 'dist/index.js', 'package.json']);
  expect([...(await publintProblems(it)), ...(await typesProblems(it))]).toEqual([]);
});

test('finds an entry that is not packed', async () => {
  const it = await packed(good, { files: ['dist/index.js'] });
  expect((await publintProblems(it)).join()).toMatch(/publint: .*index\.d\.ts/);
});

test('finds types that stand after the code, which TypeScript would never reach', async () => {
  const it = await packed(good, { exports: { '.': { default: './dist/index.js', types: './dist/index.d.ts' } } });
  expect((await publintProblems(it)).join()).toMatch(/types.*first/);
});

test('finds an entry without types', async () => {
  const it = await packed({ ...good, 'bare.js': '' }, { exports: { ...manifest.exports, './bare': './dist/bare.js' } });
  expect(await typesProblems(it)).toContain('attw: UntypedResolution ./bare');
});
