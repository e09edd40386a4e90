import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { registry } from '../registry.js';
import type { BenchmarkResult } from './benchmark.js';
import { verdict } from './goals.js';
import { goalsTable } from './goals-table.js';
import { type Report, ratio } from './report.js';
import { writeRow } from './table-row.js';
import { writeNumber } from './write-number.js';

/** One benchmark's part of the page. */
export interface Section {
  readonly name: string;
  readonly description: string;
  /** ISO date of the run. */
  readonly date: string;
  readonly rounds: number;
  readonly report: Pick<Report, 'machine' | 'versions' | 'results'>;
}

const head = `# Benchmarks

Written by \`pnpm bench\` from its own output: each run of a benchmark replaces its section and leaves the others. Every
number is the median of alternating rounds of one run, in brackets the least and the greatest; behind a peer's number
stands ours divided by it. Machines differ: compare within a section, never across.
`;

/** Puts the section in its place on the page, in the order of names; creates what is missing. */
export function writeSection(path: string, section: Section): void {
  const page = existsSync(path) ? readFileSync(path, 'utf8') : head;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, withSection(page, section));
}

/** The page with this section in place of the one of the same name, and the goals of all. */
export function withSection(page: string, section: Section): string {
  return writePage(sectionsOf(page).set(section.name, formatSection(section)));
}

/** The page as its own sections make it: a page that nobody wrote into by hand stays as it is. */
export function rewritten(page: string): string {
  return writePage(sectionsOf(page));
}

/** The page's sections by the names of their benchmarks. */
export function sectionsOf(page: string): Map<string, string> {
  return new Map(
    [...page.matchAll(/<!-- begin (\S+) -->\n[\s\S]*?<!-- end \1 -->\n/g)].map(([text, name]) => [name!, text]),
  );
}

function writePage(sections: ReadonlyMap<string, string>): string {
  const sorted = new Map([...sections].sort(([a], [b]) => (a < b ? -1 : 1)));
  const lacking = Object.keys(registry).filter((name) => !sections.has(name));
  const note = lacking.length === 0 ? [] : [`Not on this page yet: ${lacking.join(', ')}.\n`];
  return [head, ...note, goalsTable(sorted), ...sorted.values()].join('\n');
}

function formatSection({ name, description, date, rounds, report }: Section): string {
  const { machine, versions, results } = report;
  return [
    `<!-- begin ${name} -->`,
    `## ${name}`,
    '',
    `${description[0]?.toUpperCase()}${description.slice(1)}. \`pnpm bench ${name} --rounds ${rounds}\`, ${date}.`,
    '',
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.os}; ${Object.entries(versions)
      .map(([library, version]) => `${library} ${version}`)
      .join(', ')}.`,
    '',
    '| | unit | ours | peers | goal | |',
    '|---|---|---|---|---|---|',
    ...results.map(formatRow),
    '',
    `<!-- end ${name} -->`,
    '',
  ].join('\n');
}

function formatRow({ name, unit, ours, spread, peers, goal, met, note }: BenchmarkResult): string {
  const cells = [
    note ? `${name} (${note})` : name,
    unit,
    `**${writeNumber(ours)}**${spread ? ` (${spread.map(writeNumber).join('–')})` : ''}`,
    Object.entries(peers)
      .map(([peer, value]) =>
        value === null ? `${peer}: not run` : `${peer} ${writeNumber(value)} · ${ratio(ours, value)}×`,
      )
      .join('<br>') || '–',
    goal ?? 'none set',
    goal === null ? '–' : met === false ? `**${verdict(met)}**` : verdict(met),
  ];
  return writeRow(cells);
}
