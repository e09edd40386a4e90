import { expect, test } from 'vitest';
import { pageHeaders, readPageFiles } from './page-files.js';

const files = readPageFiles();

test('the page and all that it names is among its files', () => {
  const html = files.get('/')?.body.toString() ?? '';
  const named = [...html.matchAll(/(?:href|src)="(\/console\/[^"]+)"/g)].map(([, path]) => path!);
  expect(named).toEqual(['/console/icon.svg', '/console/console.css', '/console/main.js']);
  expect(named.filter((path) => !files.has(path))).toEqual([]);
});

test('every module that a module imports is there under the path that a browser makes of it', () => {
  const missing: string[] = [];
  for (const [path, { body }] of files) {
    if (!path.endsWith('.js')) continue;
    for (const [, specifier] of body.toString().matchAll(/from '([^']+)'/g)) {
      const asked = new URL(specifier!, `http://localhost${path}`).pathname;
      if (!files.has(asked)) missing.push(`${path} imports ${specifier}`);
    }
  }
  expect(missing).toEqual([]);
});

test('the page needs nothing inline and nothing from elsewhere, and its policy forbids both', () => {
  for (const [path, { body }] of files) {
    const text = body.toString().replaceAll('http://www.w3.org/2000/svg', '');
    expect(text, path).not.toMatch(/https?:|\son\w+="|style="|<style|<script(?![^>]* src=)/);
    // Text is set as text: what is shown comes from strangers.
    expect(text, path).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
  }
  expect(pageHeaders['content-security-policy']).toMatch(/^default-src 'self';/);
  expect(pageHeaders['content-security-policy']).not.toContain('unsafe');
});

test('the page is small', () => {
  const bytes = [...files.values()].reduce((sum, { body }) => sum + body.length, 0);
  expect(bytes).toBeLessThan(56 * 1_024);
});
