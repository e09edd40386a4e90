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
  await expect(later(breaker).execute(works)).rejects.toThrow(/drill/);
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

test('a store that is away does not keep the breaker from starting', async () => {
  const store = new UnreliableStore({ clock });
  const old = create();
  await fail(old, 5);
  store.fault = 'away';
  await using breaker = later(old, { store });
  expect(await breaker.execute(works)).toBe('ok');
  expect(breaker.degraded).toBe(true);
});

test.each([
  null,
  3,
  'closed',
  {},
  { version: 2, savedAtMs: 1, circuit: {} },
  { version: 1, savedAtMs: 'x', circuit: {} },
  { version: 1, savedAtMs: 1 },
  { version: 1, savedAtMs: 1, circuit: { state: 'ajar', revision: 1 } },
  { version: 1, savedAtMs: 1, circuit: { state: 'open', mode: 'asleep', revision: 1 } },
  { version: 1, savedAtMs: 1, circuit: { state: 'open', revision: -1 } },
  { version: 1, savedAtMs: 1, circuit: { state: 'open', revision: 1, retryAfterMs: Number.NaN } },
])('nonsense begins afresh: %j', async (initialState) => {
  const warnings: string[] = [];
  const quiet = (): void => {};
  const logger = { debug: quiet, info: quiet, error: quiet, warn: (message: string) => void warnings.push(message) };
  expect(await create({ initialState, logger }).execute(works)).toBe('ok');
  expect(warnings).toEqual(['initialState is not an exported circuit, beginning afresh']);
});
