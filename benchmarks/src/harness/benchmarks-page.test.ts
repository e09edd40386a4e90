import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rewritten, type Section, withSection } from './benchmarks-page.js';
import { repositoryRoot } from './repository-root.js';

const section = (name: string, ours: number): Section => ({
  name,
  description: 'something beside something else',
  date: '2026-01-01',
  rounds: 3,
  report: {
    machine: { cpu: 'a processor', cores: 2, memoryGiB: 4, os: 'Linux' },
    versions: { node: '20' },
    results: [
      {
        name: 'calls',
        unit: 'µs',
        ours,
        spread: [ours - 1, ours + 1],
        peers: { other: 2 * ours, absent: null },
        goal: 'half | of other',
        met: true,
      },
    ],
  },
});

test('a run replaces its own section, keeps the others, and sorts them by name', () => {
  const first = withSection('', section('redis', 10));
  const both = withSection(first, section('data', 20));
  const again = withSection(both, section('redis', 30));
  expect(again.match(/^## .*$/gm)).toEqual(['## Goals', '## data', '## redis']);
  expect(again).not.toContain('**10**');
  expect(rewritten(again)).toBe(again);
  expect(again).toContain(
    '| calls | µs | **30** (29–31) | other 60 · 0.50×<br>absent: not run | half \\| of other | met |',
  );
  expect(withSection(again, section('redis', 30))).toBe(again);
});

test('the goals of all sections stand first, missed ones above the others, without what has no goal', () => {
  const { report, ...rest } = section('redis', 10);
  const [met] = report.results;
  const results = [
    met!,
    { ...met!, name: 'peerless', met: null },
    { ...met!, name: 'slow', met: false },
    { ...met!, name: 'curious', goal: null, met: null },
  ];
  const page = withSection('', { ...rest, report: { ...report, results } });
  const goals = page.slice(page.indexOf('## Goals'), page.indexOf('<!-- begin'));
  expect(goals.split('\n').filter((line) => line.includes('[redis]'))).toEqual([
    '| [redis](#redis) | slow | µs | **10** (9–11) | half \\| of other | **missed** |',
    '| [redis](#redis) | peerless | µs | **10** (9–11) | half \\| of other | not decided |',
    '| [redis](#redis) | calls | µs | **10** (9–11) | half \\| of other | met |',
  ]);
  expect(goals).toContain('1 missed, 1 not decided, 1 met');
  expect(page).toContain('| curious | µs | **10** (9–11) | other 20 · 0.50×<br>absent: not run | none set | – |');
});

test('docs/benchmarks.md is as its sections make it', () => {
  const page = readFileSync(join(repositoryRoot(), 'docs', 'benchmarks.md'), 'utf8');
  expect(rewritten(page) === page, 'run any benchmark, which writes the page anew').toBe(true);
});
