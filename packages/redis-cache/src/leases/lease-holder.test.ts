import { silentLogger } from '@naru/core';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, describe, expect, test } from 'vitest';
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

test('leaving a block gives the lease back', async () => {
  {
    await using holder = create();
    expect(await holder.acquire()).toBeGreaterThan(0);
  }
  expect((await store.acquire(scope, 'b', 1_000)).acquired).toBe(true);
});

test('does not adopt over what it holds', async () => {
  const holder = create();
  const token = await holder.acquire();
  holder.adopt(token! + 1, clock.monotonic());
  expect(holder.token).toBe(token);
  await holder.close();
});

test('logs what the store did not let it do, with the scope', async () => {
  const lines: unknown[][] = [];
  const log = (...all: unknown[]): void => void lines.push(all);
  const logger = { debug: log, info: log, warn: log, error: log };
  const options = { leases: network, scope, owner: 'a', clock, random: () => 0.5, onLost: () => {}, logger };
  const holder = createLeaseHolder(options);
  await holder.acquire();
  away = true;
  await clock.advance(3_334);
  await holder.close();
  const details = { ...scope, error: new Error('away') };
  expect(lines).toEqual([
    ['lease could not be renewed', details],
    ['lease could not be given away and expires by itself', details],
  ]);
});

test('renews within a tenth of a third of its time, early or late by chance', async () => {
  for (const [random, at] of [
    [0, 3_000],
    [0.999_999, 3_666],
  ] as const) {
    let renewals = 0;
    const counting = new Proxy(store, {
      get(target, method) {
        if (method === 'renew') renewals += 1;
        const member = Reflect.get(target, method) as (...all: unknown[]) => unknown;
        return member.bind(target);
      },
    });
    const holder = createLeaseHolder({
      leases: counting,
      scope,
      owner: 'a',
      clock,
      random: () => random,
      onLost: (reason) => lost.push(reason),
    });
    await holder.acquire();
    await clock.advance(at - 1);
    expect(renewals).toBe(0);
    await clock.advance(2);
    expect(renewals).toBe(1);
    await holder.close();
  }
  expect(lost).toEqual([]);
});

test.each([true, false])('an answer that comes after closing changes nothing, %s', async (renewed) => {
  let answer!: (renewed: boolean) => void;
  const slow = new Proxy(store, {
    get(target, method) {
      if (method === 'renew') {
        return () =>
          new Promise((resolve) => {
            answer = resolve;
          });
      }
      const member = Reflect.get(target, method) as (...all: unknown[]) => unknown;
      return member.bind(target);
    },
  });
  const holder = createLeaseHolder({
    leases: slow,
    scope,
    owner: 'a',
    clock,
    random: () => 0.5,
    onLost: (reason) => lost.push(reason),
  });
  await holder.acquire();
  await clock.advance(3_334);
  const closing = holder.close();
  answer(renewed);
  await closing;
  expect(lost).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('says that what it held is lost before it goes on with another lease', async () => {
  let pausedMs = 0;
  const sleepy = { ...clock, monotonic: () => clock.monotonic() + pausedMs };
  const onLost = (reason: LeaseLoss): void => void lost.push(reason);
  const holder = createLeaseHolder({ leases: store, scope, owner: 'a', clock: sleepy, onLost });
  const token = await holder.acquire();
  pausedMs = 9_000;
  holder.adopt(token! + 1, sleepy.monotonic());
  expect([lost, holder.token]).toEqual([['unconfirmed'], token! + 1]);
  await holder.close();
});

test('without a lease there is nothing to give away', async () => {
  const warnings: unknown[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const holder = createLeaseHolder({ leases: network, scope, owner: 'a', clock, onLost: () => {}, logger });
  away = true;
  await holder.close();
  await holder.handOver();
  expect(warnings).toEqual([]);
});

test('an answer that took longer than the lease is not believed', async () => {
  const slow = new Proxy(store, {
    get(target, method) {
      const member = Reflect.get(target, method) as (...all: unknown[]) => unknown;
      if (method !== 'acquire') return member.bind(target);
      return async (...all: unknown[]) => {
        const answer = await member.apply(target, all);
        await clock.advance(9_000);
        return answer;
      };
    },
  });
  const holder = createLeaseHolder({ leases: slow, scope, owner: 'a', clock, onLost: (reason) => lost.push(reason) });
  expect(await holder.acquire()).toBeUndefined();
  expect(holder.token).toBeUndefined();
  expect(clock.pending).toBe(0);
});

describe('while the lease is being asked for', () => {
  let asked: number;
  let answer: () => void;
  /** The store, whose answer to `acquire` waits for the test. */
  const waiting = (): LeaseHolder => {
    asked = 0;
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const leases = new Proxy(store, {
      get(target, method) {
        const member = Reflect.get(target, method) as (...all: unknown[]) => unknown;
        if (method !== 'acquire') return member.bind(target);
        return async (...all: unknown[]) => {
          asked += 1;
          await answered;
          return member.apply(target, all);
        };
      },
    });
    return createLeaseHolder({ leases, scope, owner: 'a', clock, onLost: (reason) => lost.push(reason) });
  };

  test('asking again shares the answer', async () => {
    const holder = waiting();
    const answers = [holder.acquire(), holder.acquire()];
    answer();
    const [first, second] = await Promise.all(answers);
    expect(first).toBeGreaterThan(0);
    expect([second, asked]).toEqual([first, 1]);
    await holder.close();
    expect(clock.pending).toBe(0);
  });

  test.each(['close', 'handOver'] as const)('%s() waits for it and gives it away', async (how) => {
    const holder = waiting();
    const acquiring = holder.acquire();
    const left = holder[how]();
    answer();
    await Promise.all([acquiring, left]);
    expect([holder.token, clock.pending, lost]).toEqual([undefined, 0, []]);
    expect((await store.acquire(scope, 'b', 1_000)).acquired).toBe(true);
  });

  test('close() does not mind that the store is away', async () => {
    const holder = create();
    away = true;
    const acquiring = holder.acquire();
    const closing = holder.close();
    await expect(acquiring).rejects.toThrow('away');
    await closing;
  });
});
