import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { Waits } from './waits.js';

test('keeps nothing of a wait that ended by itself', async () => {
  const clock = createManualClock();
  const waits = new Waits(clock);
  const both = Promise.all([waits.for(10), waits.for(20)]);
  expect(waits.open).toBe(2);
  await clock.advance(20);
  await both;
  expect(waits.open).toBe(0);
});

test('ends every wait at once', async () => {
  const clock = createManualClock();
  const waits = new Waits(clock);
  const both = Promise.all([waits.for(10), waits.for(20)]);
  waits.endAll();
  await both;
  expect([waits.open, clock.pending]).toEqual([0, 0]);
});
