import { expect, test } from 'vitest';
import type { TimelineStep } from '../../../timeline/command-timeline.js';
import { statusOf } from './status-words.js';

const done = (counts: { confirmed?: number; refused?: number; pending?: number }): TimelineStep => ({
  step: 'done',
  result: 'opened',
  ...counts,
  at: 0,
  until: 0,
  times: 1,
});

test('a command that is done with all its symbols is good news, one with some of them less so', () => {
  const of = (...steps: TimelineStep[]) => statusOf({ status: 'done', steps });
  expect(of(done({ confirmed: 2, refused: 0, pending: 0 }))).toEqual({ text: '✓ done', look: 'good' });
  expect(of(done({}))).toEqual({ text: '✓ done', look: 'good' });
  expect(of(done({ confirmed: 1, refused: 2, pending: 3 }))).toEqual({
    text: '✓ done, 2 refused, 3 pending',
    look: 'warn',
  });
  expect(of(done({ pending: 3 }), done({ confirmed: 3, refused: 0, pending: 0 })).look).toBe('good');
});

test('a command that came to nothing, or is not at its end, is no good news', () => {
  const looks = (['under_way', 'expired', 'abandoned', 'dead_lettered'] as const).map(
    (status) => statusOf({ status, steps: [] }).look,
  );
  expect(looks).toEqual(['warn', 'bad', 'warn', 'bad']);
});
