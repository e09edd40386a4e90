import type { Target } from '@naru/core';
import { createManualClock } from '@naru/core/testing';
import { createLeaseStore, type LeaseStore } from '@naru/redis-cache';
import { expect, test } from 'vitest';
import { Ownership } from './ownership.js';

const target: Target = { exchange: 'upbit', region: 'korea', request_type: 'trade' };

function setUp(change: (leases: LeaseStore) => LeaseStore = (leases) => leases) {
  const clock = createManualClock(1_700_000_000_000);
  const leases = createLeaseStore({ clock });
  const lost: string[] = [];
  const ownership = new Ownership({
    leases: change(leases),
    member: 'me',
    leaseMs: 10_000,
    clock,
    random: () => 0.5,
    onLost: (_, reason) => lost.push(reason),
  });
  return { clock, leases, ownership, lost };
}

test('a lease that is held is answered without asking the store, for as long as it is renewed', async () => {
  const { clock, ownership, leases } = setUp();
  const claim = await ownership.claim(target);
  await clock.advance(60_000);
  expect(await ownership.claim(target)).toEqual(claim);
  expect([ownership.held, ownership.watch(target)()]).toEqual([1, true]);
  expect(await leases.acquire(target, 'other', 1_000)).toMatchObject({ acquired: false, owner: 'me' });
});

test('says whose a target is', async () => {
  const { ownership, leases } = setUp();
  await leases.acquire(target, 'other', 7_000);
  expect(await ownership.claim(target)).toEqual({ held: false, owner: 'other', expiresInMs: 7_000 });
  expect(ownership.watch(target)()).toBe(false);
});

test('a lease that was granted too late to be believed is not held', async () => {
  const { clock, ownership } = setUp((leases) => ({
    ...leases,
    async acquire(...all) {
      const answer = await leases.acquire(...all);
      await clock.advance(9_500);
      return answer;
    },
  }));
  await expect(ownership.claim(target)).rejects.toMatchObject({ code: 'ownership_lost', retryable: true });
  expect(ownership.tokenOf(target)).toBeUndefined();
});

test('what is granted after the end goes to the others, and nothing is renewed any more', async () => {
  const { clock, ownership, leases } = setUp();
  await leases.acquire(target, 'dead', 1_000);
  await clock.advance(1_000);
  const taken = ownership.takeOver(5);
  const ended = ownership.handOver();
  expect(await taken).toEqual([]);
  await ended;
  await clock.advance(0);
  expect(clock.pending).toBe(0);
  expect(await leases.takeOver('other', 10_000, 5)).toMatchObject([{ scope: target, owner: 'other' }]);
});

test('distrusts a lease when something newer was seen', async () => {
  const { clock, ownership, lost } = setUp();
  await ownership.claim(target);
  ownership.distrust(target);
  expect(ownership.tokenOf(target)).toBeUndefined();
  await clock.advance(60_000);
  expect([lost, clock.pending]).toEqual([[], 0]);
});
