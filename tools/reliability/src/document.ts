import { cpus } from 'node:os';
import type { CourseResult } from './run-courses.js';

const head = [
  '| course | what goes wrong | rounds, rate | sent | lost: nobody listening | lost: under way | dropped and counted | came twice | out of order | after its owner was replaced | flows again: median, longest |',
  '|---|---|---|---|---|---|---|---|---|---|---|',
];
const begin = '<!-- faults -->';
const end = '<!-- /faults -->';

/** The document with the rows of these courses in place of their older ones; those of other courses stay. */
export function withResults(document: string, results: readonly CourseResult[], order: readonly string[]): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The document has no ${begin} … ${end}.`);
  const rows = new Map<string, string>();
  const notes = new Map<string, string>();
  for (const line of document.slice(from, to).split('\n')) {
    const row = /^\| `([a-z-]+)` /.exec(line)?.[1];
    if (row) rows.set(row, line);
    const note = /^- `([a-z-]+)`: /.exec(line)?.[1];
    if (note) notes.set(note, line);
  }
  // What was left out says nothing: an older row stays.
  for (const result of results.filter(({ leftOut }) => leftOut === undefined)) {
    rows.set(result.name, rowOf(result));
    const note = noteOf(result);
    if (note) notes.set(result.name, note);
    else notes.delete(result.name);
  }
  const inOrder = (lines: ReadonlyMap<string, string>): string[] => order.flatMap((name) => lines.get(name) ?? []);
  const body = [
    begin,
    '',
    `${machine()}: real Apache Kafka (one broker), Redis and registry on the same machine, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    ...head,
    ...inOrder(rows),
    '',
    ...inOrder(notes),
    '',
  ];
  return `${document.slice(0, from)}${body.join('\n')}${document.slice(to)}`;
}

export function rowOf({ name, fault, leftOut, figures }: CourseResult): string {
  if (leftOut !== undefined) return `| \`${name}\` | ${fault} | left out: ${leftOut} | | | | | | | | |`;
  if (!figures) return `| \`${name}\` | ${fault} | not finished | | | | | | | | |`;
  const { outcome, rounds, framesPerSecond, recoveryMs } = figures;
  const sorted = [...recoveryMs].sort((a, b) => a - b);
  const cells = [
    `\`${name}\``,
    fault,
    `${rounds}, ${framesPerSecond.toLocaleString('en')}/s`,
    ...[
      outcome.sent,
      outcome.unheard,
      outcome.lost - outcome.dropped,
      outcome.dropped,
      outcome.duplicated,
      outcome.misordered,
      outcome.stale,
    ].map((count) => count.toLocaleString('en')),
    `${seconds(sorted[Math.floor(sorted.length / 2)])}, ${seconds(sorted.at(-1))}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function noteOf({ name, figures, broken }: CourseResult): string | undefined {
  const parts = [
    ...(figures ? [`recovery counts from: ${figures.from}`] : []),
    ...(figures?.notes ?? []),
    ...broken.map((problem) => `**not kept**: ${problem.split('\n')[0]}`),
  ];
  if (parts.length === 0) return undefined;
  // A note may end with the sentence of an error.
  return `- \`${name}\`: ${parts.map((part) => part.replace(/\.$/, '')).join('; ')}.`;
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`;
}

/** What it was measured on. */
export function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'processor'}, Node ${process.versions.node}`;
}
