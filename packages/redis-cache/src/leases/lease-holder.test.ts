import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { createLeaseHolder, type LeaseHolder, type LeaseLoss } from './lease-holder.js';
import type { LeaseStore } from './lease-store.js';
import { MemoryLeaseStore } from './memory-lease-store.js';

const scope = { exchange: 'upbit', region: 'korea', request_type: 'ticker' };

let clock: ManualClock;
let store: MemoryLeaseStore;
let away: boolean;
let lost: LeaseLoss[];

/** The store behind a network that can be cut. */
const network: LeaseStore = new Proxy({} as LeaseStore, {
  get:
    (_, method: keyof LeaseStore) =>
    (...args: unknown[]) =>
      away ? Promise.reject(new Error('away')) : (store[method] as (...all: unknown[]) => unknown)(...args),
});

beforeEach(() => {
  clock = createManualClock(1_700_000_000_000);
  store = new MemoryLeaseStore(clock);
  away = false;
  lost = [];
});

const create = (owner = 'a', ttlMs?: number): LeaseHolder =>
  createLeaseHolder({
    leases: network,
    scope,
    owner,
    clock,
    random: () => 0.5,
    onLost: (reason) => lost.push(reason),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  });

test('holds a lease for as long as it can renew it', async () => {
  const holder = create();
  const token = await holder.acquire();
  expect(token).toBeGreaterThan(0);
  expect(await holder.acquire()).toBe(token);
  await clock.advance(600_000);
  expect(holder.token).toBe(token);
  expect(await create('b').acquire()).toBeUndefined();
  await holder.close();
  await holder.close();
  expect(holder.token).toBeUndefined();
  expect(clock.pending).toBe(0);
  expect(await create('b').acquire()).toBeGreaterThan(token!);
  expect(lost).toEqual([]);
});

test('stops believing a tenth before the lease ends when no renewal gets through', async () => {
  const holder = create();
  await holder.acquire();
  await clock.advance(3_334);
  away = true;
  await clock.advance(8_998);
  expect(lost).toEqual([]);
  expect(holder.token).toBeDefined();
  await clock.advance(2);
  expect(lost).toEqual(['unconfirmed']);
  expect(holder.token).toBeUndefined();
  expect(clock.pending).toBe(0);
  away = false;
  expect((await store.acquire(scope, 'b', 1_000)).acquired).toBe(false);
});

test('survives a short absence of the store', async () => {
  const holder = create();
  await holder.acquire();
  away = true;
  await clock.advance(7_000);
  away = false;
  await clock.advance(600_000);
  expect(lost).toEqual([]);
  expect(holder.token).toBeDefined();
  await holder.close();
});

test('says at the next renewal when the lease is somebody else’s', async () => {
  const holder = create();
  const token = await holder.acquire();
  await store.release(scope, token!);
  await store.acquire(scope, 'b', 60_000);
  await clock.advance(3_334);
  expect(lost).toEqual(['taken']);
  expect(holder.token).toBeUndefined();
  expect(await holder.acquire()).toBeUndefined();
});

test('goes on with a lease that was taken over', async () => {
  await store.acquire(scope, 'dead', 1_000);
  await clock.advance(1_000);
  const asked = clock.monotonic();
  const [lease] = await store.takeOver('a', 10_000, 1);
  const holder = create();
  holder.adopt(lease!.token, asked);
  await clock.advance(60_000);
  expect(holder.token).toBe(lease!.token);
  await holder.close();
  const late = create();
  late.adopt(lease!.token, asked);
  expect(late.token).toBeUndefined();
});

test('hands a lease over, so that another owner goes on at once', async () => {
  const holder = create();
  const token = await holder.acquire();
  await holder.handOver();
  await holder.handOver();
  expect(holder.token).toBeUndefined();
  expect(clock.pending).toBe(0);
  const [taken] = await store.takeOver('b', 10_000, 5);
  expect(taken?.token).toBeGreaterThan(token!);
  expect(lost).toEqual([]);
});

test('a process that wakes up does not believe in its lease, though none of its timers has fired', async () => {
  let pausedMs = 0;
  const sleepy = { ...clock, monotonic: () => clock.monotonic() + pausedMs };
  const holder = createLeaseHolder({
    leases: store,
    scope,
    owner: 'a',
    clock: sleepy,
    onLost: (reason) => lost.push(reason),
  });
  const token = await holder.acquire();
  expect(holder.token).toBe(token);
  pausedMs = 9_000;
  expect(holder.token).toBeUndefined();
  expect(lost).toEqual([]);
  // What it asks for anew begins anew, and what it held is told as lost.
  expect(await holder.acquire()).toBe(token);
  expect(lost).toEqual(['unconfirmed']);
  await holder.close();
});

test('closing without the store leaves the lease to expire', async () => {
  const holder = create();
  await holder.acquire();
  away = true;
  await holder.close();
  away = false;
  expect((await store.acquire(scope, 'b', 1_000)).acquired).toBe(false);
  await clock.advance(10_000);
  expect((await store.acquire(scope, 'b', 1_000)).acquired).toBe(true);
});

test('refuses a lease too short to be renewed', () => {
  expect(() => create('a', 29)).toThrow('ttlMs is 29');
});
