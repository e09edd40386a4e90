import { expect, test } from 'vitest';
import { type Section, withSection } from './benchmarks-page.js';

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
  expect(again.match(/^## .*$/gm)).toEqual(['## data', '## redis']);
  expect(again).not.toContain('**10**');
  expect(again).toContain(
    '| calls | µs | **30** (29–31) | other 60 · 0.50×<br>absent: not run | half \\| of other | met |',
  );
  expect(withSection(again, section('redis', 30))).toBe(again);
});
