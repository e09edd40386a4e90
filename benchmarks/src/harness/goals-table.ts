import { countVerdicts, type Verdict, verdicts } from './goals.js';
import { readRow, writeRow } from './table-row.js';

/** Every goal on a page's sections, missed ones first: made of the sections' own tables, so that it says what they say. */
export function goalsTable(sections: ReadonlyMap<string, string>): string {
  const goals = [...sections].flatMap(([benchmark, text]) => goalsOfSection(benchmark, text));
  const sorted = verdicts.flatMap((one) => goals.filter(({ outcome }) => outcome === one));
  return [
    '## Goals',
    '',
    `Of all sections below: ${countVerdicts(goals.map(({ outcome }) => outcome))}.`,
    '',
    '| | | unit | ours | goal | |',
    '|---|---|---|---|---|---|',
    ...sorted.map(({ cells }) => writeRow(cells)),
    '',
  ].join('\n');
}

interface GoalRow {
  readonly outcome: Verdict;
  readonly cells: readonly string[];
}

function goalsOfSection(benchmark: string, text: string): GoalRow[] {
  return text.split('\n').flatMap((line) => {
    const [name = '', unit = '', ours = '', , goal = '', mark = ''] = readRow(line);
    const outcome = verdicts.find((one) => mark.replaceAll('*', '') === one);
    return outcome
      ? [{ outcome, cells: [`[${benchmark}](#${benchmark.toLowerCase()})`, name, unit, ours, goal, mark] }]
      : [];
  });
}
