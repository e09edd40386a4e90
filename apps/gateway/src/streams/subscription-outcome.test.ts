import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { watchSubscription } from './subscription-outcome.js';

test('is settled when every symbol is confirmed or refused', async () => {
  const clock = createManualClock();
  const watch = watchSubscription(['A', 'B'], 1_000, clock);
  watch.confirm(['A', 'C']);
  watch.refuse('B');
  expect(await watch.outcome).toEqual({ confirmed: ['A'], refused: ['B'], pending: [] });
  expect(clock.pending).toBe(0);
});

test('what has no proof in time is pending', async () => {
  const clock = createManualClock();
  const watch = watchSubscription(['A', 'B'], 1_000, clock);
  watch.confirm(['B']);
  await clock.advance(1_000);
  expect(await watch.outcome).toEqual({ confirmed: ['B'], refused: [], pending: ['A'] });
});

test('a lost socket settles it with the reason', async () => {
  const watch = watchSubscription(['A'], 1_000, createManualClock());
  const trouble = new Error('refused');
  watch.fail(trouble);
  expect(await watch.outcome).toEqual({ confirmed: [], refused: [], pending: ['A'], trouble });
});

test('a request refused as a whole refuses all that is open', async () => {
  const watch = watchSubscription(['A', 'B', 'C'], 1_000, createManualClock());
  watch.confirm(['A']);
  watch.refuse(undefined);
  expect(await watch.outcome).toMatchObject({ confirmed: ['A'], refused: ['B', 'C'] });
});
