import { expect, test } from 'vitest';
import { createManualClock } from './manual-clock.js';

test('fires timers in the order of their times, also those set by a timer', async () => {
  const clock = createManualClock(1_000);
  const fired: string[] = [];
  clock.schedule(20, () => fired.push(`b@${clock.now()}`));
  clock.schedule(10, () => {
    fired.push(`a@${clock.now()}`);
    clock.schedule(5, () => fired.push(`c@${clock.now()}`));
  });
  await clock.advance(30);
  expect(fired).toEqual(['a@1010', 'c@1015', 'b@1020']);
  expect(clock.now()).toBe(1_030);
});

test('a cancelled timer never fires', async () => {
  const clock = createManualClock();
  let fired = false;
  clock.schedule(1, () => {
    fired = true;
  })();
  await clock.advance(10);
  expect(fired).toBe(false);
  expect(clock.pending).toBe(0);
});
