import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import type { CommandStep } from '../orchestration/command-progress.js';
import { createCommandTimeline, maxCommands, maxNamedSymbols, maxSteps } from './command-timeline.js';

const received: CommandStep = {
  step: 'received',
  action: 'connect_and_subscribe',
  target: 'upbit/korea/trade',
  from: 'ws.command 0@1',
};
const dialled = (socket: number): CommandStep => ({ step: 'dialled', connection: 'a#0', socket });

function setUp() {
  const clock = createManualClock(1_000);
  return { clock, timeline: createCommandTimeline({ clock }) };
}

test('the steps of a command stand in order, with their times and what came of it', async () => {
  const { clock, timeline } = setUp();
  timeline.note('c-1', received);
  await clock.advance(5);
  timeline.note('c-1', { step: 'owned', leaseToken: 7 });
  expect(timeline.find('c-1')?.status).toBe('under_way');
  await clock.advance(5);
  timeline.note('c-1', { step: 'done', result: 'opened', confirmed: 1, refused: 0, pending: 0 });
  expect(timeline.find('c-1')).toEqual({
    id: 'c-1',
    action: 'connect_and_subscribe',
    target: 'upbit/korea/trade',
    status: 'done',
    beganAt: 1_000,
    updatedAt: 1_010,
    steps: [
      { ...received, at: 1_000, until: 1_000, times: 1 },
      { step: 'owned', leaseToken: 7, at: 1_005, until: 1_005, times: 1 },
      { step: 'done', result: 'opened', confirmed: 1, refused: 0, pending: 0, at: 1_010, until: 1_010, times: 1 },
    ],
    leftOut: 0,
  });
});

test('what nobody can be asked about is not kept', () => {
  const { timeline } = setUp();
  timeline.note(undefined, received);
  expect(timeline.newest(10)).toEqual([]);
  expect(timeline.find('c-1')).toBeUndefined();
});

test('a command that is sent again is under way again, and among the newest', () => {
  const { timeline } = setUp();
  timeline.note('c-1', received);
  timeline.note('c-1', { step: 'dead_lettered', reason: 'bad' });
  timeline.note('c-2', received);
  expect(timeline.newest(10).map(({ id, status }) => [id, status])).toEqual([
    ['c-2', 'under_way'],
    ['c-1', 'dead_lettered'],
  ]);
  timeline.note('c-1', received);
  expect(timeline.newest(1).map(({ id, status }) => [id, status])).toEqual([['c-1', 'under_way']]);
});

test('proofs that follow each other are one step, which names so many symbols and counts the rest', async () => {
  const { clock, timeline } = setUp();
  timeline.note('c-1', { step: 'proved', symbols: ['KRW-BTC'] });
  await clock.advance(3);
  timeline.note('c-1', { step: 'proved', symbols: ['KRW-ETH', 'KRW-BTC'] });
  expect(timeline.find('c-1')?.steps).toEqual([
    { step: 'proved', symbols: ['KRW-BTC', 'KRW-ETH'], at: 1_000, until: 1_003, times: 2 },
  ]);
  const many = Array.from({ length: 500 }, (_, n) => `S-${n}`);
  timeline.note('c-1', { step: 'proved', symbols: many });
  timeline.note('c-2', { step: 'proved', symbols: many });
  for (const [id, unnamed] of [
    ['c-1', 452],
    ['c-2', 450],
  ] as const) {
    const [step] = timeline.find(id)?.steps ?? [];
    expect(step).toMatchObject({ symbols: { length: maxNamedSymbols }, unnamed });
  }
});

test('the same step again only counts', () => {
  const { timeline } = setUp();
  for (let n = 0; n < 1_000; n += 1) timeline.note('c-1', { step: 'forwarded', owner: 'other' });
  expect(timeline.find('c-1')?.steps).toMatchObject([{ owner: 'other', times: 1_000 }]);
});

test('of too many steps the first and the newest stay', () => {
  const { timeline } = setUp();
  timeline.note('c-1', received);
  for (let socket = 1; socket <= 1_000; socket += 1) timeline.note('c-1', dialled(socket));
  const { steps = [], leftOut } = timeline.find('c-1') ?? {};
  expect(steps).toHaveLength(maxSteps);
  expect(steps[0]).toMatchObject(received);
  expect(steps.at(-1)).toMatchObject(dialled(1_000));
  expect(leftOut).toBe(1_001 - maxSteps);
});

test('of too many commands the newest stay', () => {
  const { timeline } = setUp();
  for (let n = 0; n < maxCommands + 50; n += 1) timeline.note(`c-${n}`, received);
  const all = timeline.newest(1_000);
  expect(all).toHaveLength(maxCommands);
  expect(all[0]?.id).toBe(`c-${maxCommands + 49}`);
  expect(timeline.find('c-49')).toBeUndefined();
});

test('texts of others are kept short', () => {
  const { timeline } = setUp();
  const long = 'x'.repeat(1_000_000);
  timeline.note(long, { step: 'dead_lettered', reason: long });
  timeline.note(long, { step: 'proved', symbols: [long] });
  expect(JSON.stringify(timeline.newest(1)).length).toBeLessThan(1_500);
  expect(timeline.find(long)?.steps).toHaveLength(2);
});
