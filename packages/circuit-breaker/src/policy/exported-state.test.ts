import { type Logger, silentLogger } from '@naru/core';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { UnreliableStore } from '../testing/unreliable-store.js';
import type { CircuitBreakerOptions } from './options.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from './shared-circuit-policy.js';

const fails = (): Promise<never> => Promise.reject(new Error('down'));
const works = (): string => 'ok';

let clock: ManualClock;
beforeEach(() => {
  clock = createManualClock(1_700_000_000_000);
});

const create = (options: Partial<CircuitBreakerOptions> = {}): SharedCircuitPolicy =>
  createCircuitBreaker({ name: 'x', clock, ...options });

async function fail(breaker: SharedCircuitPolicy, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await breaker.execute(fails).catch(() => {});
}

function logOfWarnings(): { logger: Logger; warnings: unknown[][] } {
  const warnings: unknown[][] = [];
  return { logger: { ...silentLogger, warn: (...all) => void warnings.push(all) }, warnings };
}

/** What a later process makes of the export, written down and read again. */
const later = (breaker: SharedCircuitPolicy, options: Partial<CircuitBreakerOptions> = {}): SharedCircuitPolicy =>
  create({ initialState: JSON.parse(JSON.stringify(breaker)), ...options });

test('an open circuit stays open for what is left of its time', async () => {
  const breaker = create();
  await fail(breaker, 5);
  await clock.advance(10_000);
  const exported = JSON.parse(JSON.stringify(breaker)) as unknown;
  await clock.advance(20_000);
  const next = create({ initialState: exported });
  await expect(next.execute(works)).rejects.toMatchObject({ code: 'circuit_open', retryAfterMs: 30_000 });
  expect(next.circuit.attempt).toBe(1);
  await clock.advance(30_000);
  expect(await next.execute(works)).toBe('ok');
});

test('what was counted counts on', async () => {
  const breaker = create();
  await fail(breaker, 4);
  const next = later(breaker);
  await next.start();
  await fail(next, 1);
  expect(next.state).toBe('open');
});

test("an operator's decision is kept", async () => {
  const breaker = create();
  await breaker.forceOpen({ reason: 'drill' });
  const next = later(breaker);
  await expect(next.execute(works)).rejects.toThrow(/drill/);
  expect(next.circuit).toMatchObject({ mode: 'forced-open', ageMs: undefined });
});

test.each(['forced-closed', 'disabled', 'metrics-only'] as const)('so is %s', async (mode) => {
  const breaker = create();
  await breaker.setMode({ mode });
  const next = later(breaker);
  await next.start();
  expect(next.mode).toBe(mode);
});

test('a circuit that is half-open may be probed at once', async () => {
  const breaker = create();
  await fail(breaker, 5);
  await clock.advance(60_000);
  await breaker.execute(works);
  const next = later(breaker);
  expect(await next.execute(works)).toBe('ok');
  expect(next.circuit).toMatchObject({ state: 'half-open', attempt: 1, succeeded: 1 });
});

test('a ramp goes on where it is by then', async () => {
  const breaker = create({ successThreshold: 1, rampMs: 10_000 });
  await fail(breaker, 5);
  await clock.advance(60_000);
  await breaker.execute(works);
  await clock.advance(2_000);
  const exported = JSON.parse(JSON.stringify(breaker)) as unknown;
  await clock.advance(3_000);
  const next = create({ initialState: exported, rampMs: 10_000 });
  // Half the calls by now, and the first in any case.
  for (let call = 0; call < 2; call++) await next.execute(works);
  await expect(next.execute(works)).rejects.toMatchObject({ code: 'ramping', retryAfterMs: 5_000 });
  expect(next.circuit.ageMs).toBe(5_000);
});

test('a circuit of which nothing was stored puts nothing into the store', async () => {
  const store = new UnreliableStore({ clock });
  await using breaker = later(create(), { store });
  await breaker.start();
  expect(store.requests).toEqual({ watch: 1, read: 1 });
});

test('what the store knows is newer and wins', async () => {
  const store = new UnreliableStore({ clock });
  const old = create();
  await fail(old, 5);
  await clock.advance(1);
  await store.reset('x');
  await using breaker = later(old, { store });
  expect(await breaker.execute(works)).toBe('ok');
});

test('a store that is away does not keep the breaker from starting, and is told of', async () => {
  const store = new UnreliableStore({ clock });
  const { logger, warnings } = logOfWarnings();
  const old = create();
  await fail(old, 5);
  store.fault = 'away';
  await using breaker = later(old, { store, logger });
  expect(await breaker.execute(works)).toBe('ok');
  expect(breaker.degraded).toBe(true);
  expect(warnings[0]).toEqual([
    'initialState could not be stored, the store is away',
    { circuit: 'x', error: new Error('the store is away') },
  ]);
});

test.each([
  null,
  3,
  'closed',
  {},
  { version: 2, savedAtMs: 1, circuit: {} },
  { version: 1, savedAtMs: 'x', circuit: {} },
  { version: 1, savedAtMs: 1 },
  { version: 1, savedAtMs: 1, circuit: null },
  { version: 1, savedAtMs: 1, circuit: { state: 'ajar', revision: 1 } },
  { version: 1, savedAtMs: 1, circuit: { state: 'open', mode: 'asleep', revision: 1 } },
  { version: 1, savedAtMs: 1, circuit: { state: 'open', revision: -1 } },
  { version: 1, savedAtMs: 1, circuit: { state: 'open', revision: 1, retryAfterMs: Number.NaN } },
])('nonsense begins afresh: %j', async (initialState) => {
  const { logger, warnings } = logOfWarnings();
  expect(await create({ initialState, logger }).execute(works)).toBe('ok');
  expect(warnings).toEqual([['initialState is not an exported circuit, beginning afresh', { circuit: 'x' }]]);
});
