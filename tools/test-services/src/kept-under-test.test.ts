import { expect, test } from 'vitest';
import { keptInMemory, keptInRedis, type SteppedClock } from './kept-under-test.js';

const looksAtClock = (clock: SteppedClock) => ({ clock, id: {} });

test('what is kept in memory follows the time that passed, and is another one after a loss', async () => {
  const subject = keptInMemory(looksAtClock);
  const { kept } = subject;
  const wall = kept.clock.now();
  subject.advance(5);
  subject.setWallClockAhead(-3);
  expect([subject.now(), kept.clock.monotonic(), kept.clock.now() - wall]).toEqual([5, 5, 2]);
  expect(subject.kept).toBe(kept);
  await subject.lose();
  expect(subject.kept).not.toBe(kept);
  expect(subject.kept.clock.monotonic()).toBe(5);
});

test('what is kept in Redis follows its wall clock, and is emptied at the beginning and at a loss', async () => {
  let emptied = 0;
  const subject = await keptInRedis(looksAtClock, async () => {
    emptied += 1;
  });
  const begin = subject.now();
  subject.advance(5);
  subject.setWallClockAhead(60);
  expect([subject.now() - begin, subject.kept.clock.monotonic(), emptied]).toEqual([65, 5, 1]);
  await subject.lose();
  expect(emptied).toBe(2);
});
