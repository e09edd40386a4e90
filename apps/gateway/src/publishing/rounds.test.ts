import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createRounds } from './rounds.js';

test('calls everybody who waits in one turn, once', async () => {
  const clock = createManualClock();
  const rounds = createRounds(clock, 20);
  const called: string[] = [];
  rounds.next(() => called.push(`a@${clock.now()}`));
  await clock.advance(3);
  rounds.next(() => called.push(`b@${clock.now()}`));
  await clock.advance(10);
  expect(called).toEqual(['a@10', 'b@10']);
  expect(clock.pending).toBe(0);
});

test('whoever asks in a turn has the next one', async () => {
  const clock = createManualClock();
  const rounds = createRounds(clock, 5);
  const called: number[] = [];
  const again = (): void => {
    called.push(clock.now());
    if (called.length < 3) rounds.next(again);
  };
  rounds.next(again);
  await clock.advance(50);
  expect(called).toEqual([5, 10, 15]);
});

test('what is cancelled is not called, also by somebody in the same turn', async () => {
  const clock = createManualClock();
  const rounds = createRounds(clock, 5);
  const called: string[] = [];
  const cancel = rounds.next(() => called.push('cancelled before'));
  rounds.next(() => cancelLater());
  const cancelLater = rounds.next(() => called.push('cancelled in the turn'));
  cancel();
  await clock.advance(5);
  expect(called).toEqual([]);
});
