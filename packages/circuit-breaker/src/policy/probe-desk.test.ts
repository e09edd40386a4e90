import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { UnreliableStore } from '../testing/unreliable-store.js';
import { CircuitGate } from './circuit-gate.js';
import { resolveOptions } from './options.js';
import { ProbeDesk } from './probe-desk.js';

const name = 'x';
let clock: ManualClock;
let store: UnreliableStore;
let gate: CircuitGate;
let failures: unknown[];

function createDesk(maxProbes = 2): ProbeDesk {
  const options = resolveOptions({ name, store, clock, maxProbes, successThreshold: maxProbes, probeLeaseMs: 10_000 });
  return new ProbeDesk(options, { openMs: () => 5_000, storeFailed: (error) => void failures.push(error) });
}

/** A circuit that may be probed. */
beforeEach(async () => {
  clock = createManualClock(1_700_000_000_000);
  store = new UnreliableStore({ clock });
  gate = new CircuitGate(store, name, clock, () => {});
  failures = [];
  await gate.follow(() => {});
  await gate.trip({ instance: 'a', epoch: 0, quorum: 1, voteMs: 1_000, openMs: 1_000 });
  await clock.advance(1_000);
});

test('does not ask while this process has all places, and asks again when one is free', async () => {
  const desk = createDesk();
  expect(desk.waitMs(gate)).toBe(0);
  const first = await desk.acquire(gate);
  expect(desk.waitMs(gate)).toBe(0);
  const second = await desk.acquire(gate);
  expect(desk.waitMs(gate)).toBe(10_000);
  await clock.advance(2_000);
  expect(desk.waitMs(gate)).toBe(8_000);
  await desk.settle(first!, 'ignored');
  expect(desk.waitMs(gate)).toBe(0);
  await desk.settle(first!, 'success');
  await desk.settle(second!, 'ignored');
  expect(await store.peek(name)).toMatchObject({ state: 'half-open', probing: 0, succeeded: 0 });
  await desk.close();
});

test('waits at least a moment when all its probes are over and not settled', async () => {
  const desk = createDesk(1);
  store.fault = 'none';
  const probe = await desk.acquire(gate);
  gate.adopt({ ...gate.snapshot, retryAfterMs: 0 });
  expect(desk.waitMs(gate)).toBe(1);
  await desk.settle(probe!, 'ignored');
});

test('after a denial asks again within a quarter of a second, or at once when something changed', async () => {
  const [desk, other] = [createDesk(1), createDesk(1)];
  const probe = await other.acquire(gate);
  expect(await desk.acquire(gate)).toBeUndefined();
  expect(desk.waitMs(gate)).toBe(250);
  await clock.advance(100);
  expect(desk.waitMs(gate)).toBe(150);
  desk.forgetDenial();
  expect(desk.waitMs(gate)).toBe(0);
  await clock.advance(8_800);
  expect(await desk.acquire(gate)).toBeUndefined();
  await other.settle(probe!, 'ignored');
});

test('a denial because the circuit is open again is no reason to wait beyond its time', async () => {
  const desk = createDesk(1);
  await gate.trip({ instance: 'b', epoch: gate.epoch, quorum: 1, voteMs: 1_000, openMs: 1_000 });
  await store.reset(name);
  expect(await desk.acquire(gate)).toBeUndefined();
  expect(desk.waitMs(gate)).toBe(0);
});

test('a store that fails is told, and costs no place', async () => {
  const desk = createDesk(1);
  store.fault = 'away';
  expect(await desk.acquire(gate)).toBeUndefined();
  expect(failures).toHaveLength(1);
  expect(desk.waitMs(gate)).toBe(0);
  store.fault = 'none';
  const probe = await desk.acquire(gate);
  store.fault = 'away';
  await desk.settle(probe!, 'success');
  expect(failures).toHaveLength(2);
  expect(desk.waitMs(gate)).toBe(0);
});

test('a late probe is aborted, says why, and counts as a failure once', async () => {
  const desk = createDesk(1);
  const probe = await desk.acquire(gate);
  desk.handOut(probe!);
  await clock.advance(9_000);
  expect(probe!.signal.reason).toMatchObject({
    name: 'TimeoutError',
    message: 'The probe took longer than its lease.',
  });
  expect(await store.peek(name)).toMatchObject({ state: 'open', attempt: 2, retryAfterMs: 5_000 });
  expect(desk.takeBack()).toBeUndefined();
  await desk.settle(probe!, 'success');
  expect(store.requests.report).toBe(1);
});

test('one late probe leaves those handed out besides', async () => {
  const desk = createDesk(2);
  const kept = await desk.acquire(gate);
  desk.handOut(kept!);
  const late = await desk.acquire(gate);
  await desk.settle(kept!, 'ignored');
  await clock.advance(9_000);
  expect(late!.signal.aborted).toBe(true);
  expect(desk.takeBack()).toBe(kept);
});

test('the time that the answer took is part of the lease', async () => {
  const slow = Object.assign(store, {
    acquire: async (...all: Parameters<UnreliableStore['acquire']>) => {
      const answer = await UnreliableStore.prototype.acquire.apply(store, all);
      await clock.advance(4_000);
      return answer;
    },
  });
  const desk = new ProbeDesk(resolveOptions({ name, store: slow, clock, probeLeaseMs: 10_000 }), {
    openMs: () => 5_000,
    storeFailed: () => {},
  });
  const probe = await desk.acquire(gate);
  await clock.advance(5_399);
  expect(probe!.signal.aborted).toBe(false);
  await clock.advance(1);
  expect(probe!.signal.aborted).toBe(true);
});

test('closing gives back the places that nobody will record', async () => {
  const desk = createDesk();
  desk.handOut((await desk.acquire(gate))!);
  desk.handOut((await desk.acquire(gate))!);
  expect(await store.peek(name)).toMatchObject({ probing: 2 });
  await desk.close();
  expect(await store.peek(name)).toMatchObject({ state: 'half-open', probing: 0, succeeded: 0 });
  expect(clock.pending).toBe(0);
});
