import { parseArgs } from 'node:util';
import { courses, type ListedCourse } from './courses.js';

export interface Options {
  readonly chosen: readonly ListedCourse[];
  /** Whether the gateway's hostile suites run as well. */
  readonly hostile: boolean;
  readonly json: boolean;
  readonly short: boolean;
}

export const usage: string = `Usage: pnpm reliability [course …] [--rounds N] [--short] [--json]

Breaks what is around the gateway, on real servers that it starts itself, and accounts for every record.
Without a course all of them run, in about 20 minutes. The figures go into docs/reliability.md, unless --short.

  --rounds N  how often each fault happens, in place of its own number
  --short     one round, short absences, small rates; writes nothing
  --json      prints one object, in place of a table

Courses:
${courses.map(({ course, rounds }) => `  ${course.name.padEnd(16)} ${course.fault}${rounds > 1 ? ` (${rounds} times)` : ''}`).join('\n')}
  hostile          the gateway's suites of hostile commands and sockets, with the longest blocks of its event loop`;

/** @throws Error that says what is wrong with the arguments. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return 'help';
  const names = [...courses.map(({ course }) => course.name), 'hostile'];
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`No course is called ${unknown.join(', ')}; there are ${names.join(', ')}.`);
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) {
    throw new Error(`--rounds is ${values.rounds}; give a whole number above 0.`);
  }
  return {
    chosen: courses
      .filter(({ course }) => positionals.length === 0 || positionals.includes(course.name))
      .map((listed) => ({ ...listed, rounds: rounds ?? (values.short ? 1 : listed.rounds) })),
    hostile: positionals.length === 0 ? !values.short : positionals.includes('hostile'),
    json: values.json,
    short: values.short,
  };
}
