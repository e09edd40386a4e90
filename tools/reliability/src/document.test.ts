import { expect, test } from 'vitest';
import { rowOf, withResults } from './document.js';
import { withHostileInput } from './hostile-input.js';
import { parseOptions } from './options.js';
import type { CourseResult } from './run-courses.js';

const outcome = {
  sent: 1_000,
  kept: 990,
  unheard: 4,
  lost: 6,
  dropped: 2,
  duplicated: 3,
  misordered: 0,
  stale: 1,
  wrong: 0,
};
const result = (name: string, changes: Partial<CourseResult> = {}): CourseResult => ({
  name,
  fault: `${name} happens`,
  figures: {
    outcome,
    rounds: 3,
    recoveryMs: [900, 100, 5_000],
    from: 'the fault',
    framesPerSecond: 2_000,
    seconds: 9,
    notes: [],
  },
  broken: [],
  ...changes,
});
const order = ['a-course', 'b-course'];
const empty = '# Title\n\n<!-- faults -->\n<!-- /faults -->\n\nAfter.\n';

test('a row says what was lost where, and how long it took', () => {
  const document = withResults(empty, [result('a-course')], order);
  expect(document).toContain(
    '| `a-course` | a-course happens | 3, 2,000/s | 1,000 | 4 | 4 | 2 | 3 | 0 | 1 | 0.9 s, 5.0 s |',
  );
  expect(document).toMatch(/^# Title\n/);
  expect(document).toMatch(/\nAfter\.\n$/);
});

test('a course that runs again replaces its row and leaves the others', () => {
  const first = withResults(empty, [result('b-course'), result('a-course', { broken: ['too slow'] })], order);
  expect(first).toContain('**not kept**: too slow');
  const second = withResults(first, [result('a-course', { fault: 'anew' })], order);
  expect(second).not.toContain('too slow');
  expect(second.indexOf('| `a-course` | anew')).toBeLessThan(second.indexOf('| `b-course` | b-course happens'));
  expect(second.match(/^\| `/gm)).toHaveLength(2);
});

test('a note that ends with a full stop gets no second one', () => {
  const { figures, ...rest } = result('a-course');
  const noted = { ...rest, figures: figures && { ...figures, notes: ['it says: Check the address.'] } };
  expect(withResults(empty, [noted], order)).toMatch(/it says: Check the address\.$/m);
});

test('a course that this machine cannot run leaves its older row', () => {
  const first = withResults(empty, [result('a-course')], order);
  const { figures: _, ...without } = result('a-course', { fault: 'anew', leftOut: 'nothing can be mounted' });
  expect(withResults(first, [without], order)).toBe(first);
  expect(rowOf(without)).toContain('left out: nothing can be mounted');
});

test('hostile figures have a place of their own', () => {
  const suites = [{ suite: 'commands', cases: 341, slowest: [{ name: 'a|b', longestBlockMs: 41.6 }] }];
  const document = withHostileInput('<!-- hostile -->\n<!-- /hostile -->', { suites, passed: true }, 'a machine');
  expect(document).toContain('| commands | 341 | 42 ms (a¦b) |');
});

test('arguments choose courses, rounds and brevity', () => {
  expect(parseOptions(['gateway-killed', '--rounds', '3'])).toMatchObject({
    chosen: [{ rounds: 3, course: { name: 'gateway-killed' } }],
    hostile: false,
  });
  expect(parseOptions([])).toMatchObject({ hostile: true, short: false });
  expect(parseOptions(['hostile'])).toMatchObject({ chosen: [], hostile: true });
  expect(() => parseOptions(['nonsense'])).toThrow('No course is called nonsense');
  expect(() => parseOptions(['--rounds', '0'])).toThrow('--rounds is 0');
});
