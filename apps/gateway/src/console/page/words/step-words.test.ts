import { expect, test } from 'vitest';
import type { CommandStep } from '../../../orchestration/command-progress.js';
import { stepWords } from './step-words.js';

const once = { at: 0, until: 0, times: 1 };

test.each<[CommandStep, string]>([
  [
    { step: 'received', action: 'disconnect', target: 'upbit/korea/trade', from: 'ws.disconnection 0@7' },
    'received from ws.disconnection 0@7: disconnect upbit/korea/trade',
  ],
  [{ step: 'validated' }, 'validated'],
  [{ step: 'forwarded', owner: 'b' }, 'forwarded to b, which owns the target'],
  [
    { step: 'dialled', connection: 'upbit/korea/trade#0', socket: 2 },
    'dialled: socket 2 of upbit/korea/trade#0 is open',
  ],
  [{ step: 'trouble', code: 'connect_failed', message: 'no route' }, 'connect_failed: no route'],
  [{ step: 'done', result: 'duplicate' }, 'done, duplicate'],
  [{ step: 'done', result: 'nothing_to_end' }, 'done, nothing to end'],
  [
    { step: 'done', result: 'opened', confirmed: 4, refused: 1, pending: 0 },
    'done, opened: 4 proved, 1 refused, 0 pending',
  ],
])('%j', (step, words) => expect(stepWords({ ...step, ...once })).toBe(words));

test('proofs name their symbols, and what repeats says how often', () => {
  const proved = { step: 'proved', symbols: ['KRW-BTC', 'KRW-ETH'], ...once } as const;
  expect(stepWords({ ...proved, times: 2 })).toBe('proved: KRW-BTC, KRW-ETH');
  expect(stepWords({ ...proved, unnamed: 3 })).toBe('proved: KRW-BTC, KRW-ETH and 3 more');
  expect(stepWords({ step: 'forwarded', owner: 'b', ...once, times: 9 })).toMatch(/\(9 times\)$/);
});
