import { createManualClock } from '@naru/core/testing';
import { expect, test } from 'vitest';
import { emptied } from './emptied.js';
import type { PublisherSnapshot } from './record-publisher.js';

function setUp(withinMs: number) {
  const clock = createManualClock(1_700_000_000_000);
  const way = { buffered: 1 };
  let resolved = false;
  const snapshot = () => ({ accounts: way }) as unknown as PublisherSnapshot;
  void emptied({ snapshot }, withinMs, clock).then(() => {
    resolved = true;
  });
  return { clock, way, isResolved: () => resolved };
}

test('waits until nothing is on its way', async () => {
  const { clock, way, isResolved } = setUp(1_000);
  await clock.advance(500);
  expect(isResolved()).toBe(false);
  way.buffered = 0;
  await clock.advance(20);
  expect(isResolved()).toBe(true);
  expect(clock.pending).toBe(0);
});

test('waits no longer than it may', async () => {
  const { clock, isResolved } = setUp(1_000);
  await clock.advance(999);
  expect(isResolved()).toBe(false);
  await clock.advance(21);
  expect(isResolved()).toBe(true);
});
