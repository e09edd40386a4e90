import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sectionsOf } from './benchmarks-page.js';
import { readFigures } from './figures.js';
import { withFrontTable } from './front-table.js';
import { repositoryRoot } from './repository-root.js';

const read = (...path: string[]): string => readFileSync(join(repositoryRoot(), ...path), 'utf8');

const section = [
  '| | unit | ours | peers | goal | |',
  '|---|---|---|---|---|---|',
  '| produce | messages/s | **12,345** (12,000–13,000) | kafkajs 6,000 · 2.06×<br>absent: not run | ≥ 2 × | met |',
  '| highest rate (9 µs a tick) | ticks/s | **7.5** | – | none set | – |',
].join('\n');

test("a figure is read as its row shows it, with or without the row's note", () => {
  const { ours, peer } = readFigures(new Map([['kafka', section]]));
  expect(ours('kafka', 'produce')).toBe('12,345');
  expect(ours('kafka', 'highest rate')).toBe('7.5');
  expect(peer('kafka', 'produce', 'kafkajs')).toBe('6,000');
  expect(peer('kafka', 'produce', 'absent')).toBeUndefined();
});

test('a row or a peer that the page does not have is named', () => {
  const { ours, peer } = readFigures(new Map([['kafka', section]]));
  expect(() => ours('kafka', 'consume')).toThrow('The benchmark "kafka" has no row "consume"');
  expect(() => ours('redis', 'produce')).toThrow('The benchmark "redis" has no row "produce"');
  expect(() => peer('kafka', 'produce', 'kafka')).toThrow('has no peer "kafka"');
});

test('a README without the marks is refused, so that a table cannot go unnoticed', () => {
  expect(() => withFrontTable('# Naru', sectionsOf(read('docs', 'benchmarks.md')))).toThrow('has no marks');
});

test('a peer that was not run is left out of the table, and nothing stands where there is none', () => {
  const page = read('docs', 'benchmarks.md').replaceAll(
    /reference stack [^·|]+ · [^|<]+×/g,
    'reference stack: not run',
  );
  const table = withFrontTable('<!-- begin benchmarks -->\n\n<!-- end benchmarks -->', sectionsOf(page));
  expect(table).not.toContain('undefined');
  expect(table).not.toContain('Python (websockets');
  expect(table).toMatch(/receipt to acknowledgement, p99 \| [\d.]+ ms \| – \|/);
});

test("the README's table says what docs/benchmarks.md says", () => {
  const readme = read('README.md');
  const current = withFrontTable(readme, sectionsOf(read('docs', 'benchmarks.md')));
  expect(current === readme, 'run any benchmark, which writes the table anew').toBe(true);
});
