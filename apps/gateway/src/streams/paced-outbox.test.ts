import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { createPacedOutbox } from './paced-outbox.js';

test('keeps the order and the rate', async () => {
  const clock = createManualClock();
  const sent: string[] = [];
  const outbox = createPacedOutbox({
    clock,
    perSecond: 5,
    send: (frame) => sent.push(`${frame}@${clock.monotonic()}`),
  });
  outbox.push(['a', 'b']);
  outbox.push(['c']);
  expect(sent).toEqual(['a@0']);
  await clock.advance(400);
  expect(sent).toEqual(['a@0', 'b@200', 'c@400']);
  await clock.advance(1_000);
  outbox.push(['d']);
  expect(sent.at(-1)).toBe('d@1400');
});

test('clear forgets what was not sent', async () => {
  const clock = createManualClock();
  const sent: unknown[] = [];
  const outbox = createPacedOutbox({ clock, perSecond: 1, send: (frame) => sent.push(frame) });
  outbox.push(['a', 'b']);
  outbox.clear();
  await clock.advance(5_000);
  expect(sent).toEqual(['a']);
  expect(clock.pending).toBe(0);
});
