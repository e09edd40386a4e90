import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { startMinuteClock } from './minute-clock.js';

const start = Date.parse('2026-01-02T03:04:40Z');

test('ends minutes on the clock, not a minute after the start', async () => {
  const clock = createManualClock(start);
  const ended: string[] = [];
  startMinuteClock(clock, (second) => ended.push(new Date(second * 1_000).toISOString()));
  await clock.advance(20_000);
  await clock.advance(60_000);
  expect(ended).toEqual(['2026-01-02T03:04:00.000Z', '2026-01-02T03:05:00.000Z']);
});

test('ends the running minute when it is stopped, once', async () => {
  const clock = createManualClock(start);
  const ended: number[] = [];
  const minutes = startMinuteClock(clock, (second) => ended.push(second));
  await clock.advance(30_000);
  minutes.stop();
  minutes.stop();
  await clock.advance(120_000);
  expect(ended).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

test('a minute is no longer than a minute when the clock is put back meanwhile', async () => {
  const clock = createManualClock(start);
  let putBackMs = 0;
  const ended: string[] = [];
  startMinuteClock({ ...clock, now: () => clock.now() - putBackMs }, (second) =>
    ended.push(new Date(second * 1_000).toISOString()),
  );
  await clock.advance(10_000);
  putBackMs = 3_600_000;
  await clock.advance(70_000);
  expect(ended).toEqual(['2026-01-02T03:04:00.000Z', '2026-01-02T02:05:00.000Z']);
});
