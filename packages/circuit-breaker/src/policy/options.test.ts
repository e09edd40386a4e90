import { createManualClock } from '@naru/core/testing';
import {
  ConsecutiveBreaker,
  DelegateBackoff,
  ExponentialBackoff,
  handleWhenResult,
  IterableBackoff,
  noJitterGenerator,
} from 'cockatiel';
import { expect, test } from 'vitest';
import { slowCalls } from '../detectors/share-in-window.js';
import { openTimeMs } from './open-time.js';
import type { CircuitBreakerOptions } from './options.js';
import { createCircuitBreaker } from './shared-circuit-policy.js';

test.each<[Partial<CircuitBreakerOptions>, RegExp]>([
  [{ name: '' }, /^name is ""/],
  [{ openMs: 0 }, /^openMs is 0/],
  [{ openJitter: 1.1 }, /^openJitter is 1.1/],
  [{ openJitter: -0.1 }, /^openJitter is -0.1/],
  [{ maxProbes: 0 }, /^maxProbes is 0/],
  [{ maxProbes: 2, successThreshold: 3 }, /^successThreshold is 3; it must be a whole number from 1 to 2/],
  [{ probeLeaseMs: 9 }, /^probeLeaseMs is 9/],
  [{ quorum: 0 }, /^quorum is 0/],
  [{ voteMs: 0.5 }, /^voteMs is 0.5/],
  [{ rampMs: -1 }, /^rampMs is -1/],
  [{ pollMs: 9 }, /^pollMs is 9/],
  [{ whenStoreIsAway: 'panic' as 'local' }, /^whenStoreIsAway is "panic"; it must be local or reject/],
])('refuses %o', (options, message) => {
  expect(() => createCircuitBreaker({ name: 'x', ...options })).toThrow(message);
});

const context = { result: { error: new Error('down') }, signal: new AbortController().signal };

test('the open time follows the attempts and is shortened by the jitter', () => {
  const steps = new IterableBackoff([100, 200, 400]);
  const at = (attempt: number, jitter = 0, random = 0): number =>
    openTimeMs(steps, attempt, context, jitter, () => random);
  expect([at(1), at(2), at(3), at(4), at(99)]).toEqual([100, 200, 400, 400, 400]);
  expect([at(3, 0.5, 0.5), at(3, 1, 0.999_999)]).toEqual([300, 1]);
  expect(openTimeMs(60_000, 7, context, 0, () => 0.9)).toBe(60_000);
});

test('a backoff is told each attempt and what failed last', () => {
  const told: unknown[] = [];
  const backoff = new DelegateBackoff((attempt) => told.push(attempt));
  openTimeMs(backoff, 3, context, 0, Math.random);
  expect(told).toEqual([1, 2, 3].map((attempt) => ({ ...context, attempt })));
});

test('a backoff that never stops growing is walked only so far', () => {
  let walked = 0;
  const endless = {
    duration: 1,
    next() {
      walked += 1;
      return endless;
    },
  };
  expect(openTimeMs(endless, 1_000_000, context, 0, Math.random)).toBe(1);
  expect(walked).toBe(64);
});

test('opens longer each time with a backoff of cockatiel', async () => {
  const clock = createManualClock();
  const openMs = new ExponentialBackoff({ initialDelay: 1_000, maxDelay: 8_000, generator: noJitterGenerator });
  const breaker = createCircuitBreaker({ name: 'x', clock, openMs, detector: new ConsecutiveBreaker(1) });
  const times: number[] = [];
  for (let attempt = 0; attempt < 4; attempt++) {
    await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {});
    times.push(breaker.retryAfterMs);
    await clock.advance(breaker.retryAfterMs);
  }
  expect(times).toEqual([1_000, 2_000, 4_000, 8_000]);
});

test('results can be failures', async () => {
  const breaker = createCircuitBreaker({ name: 'x', handle: handleWhenResult((status) => status === 503) });
  for (let call = 0; call < 5; call++) expect(await breaker.execute(() => 503)).toBe(503);
  expect(breaker.state).toBe('open');
  expect(breaker.lastFailure).toEqual({ value: 503 });
});

test('slow calls open it though they succeed', async () => {
  const clock = createManualClock();
  const detector = slowCalls({ slowMs: 100, slowRate: 1, minimumCalls: 2, clock });
  const breaker = createCircuitBreaker({ name: 'x', clock, detector });
  for (let call = 0; call < 2; call++) await breaker.execute(() => clock.advance(100));
  expect(breaker.state).toBe('open');
});

test('tells success and failure with their durations, and survives listeners that throw', async () => {
  const clock = createManualClock();
  const errors: string[] = [];
  const quiet = (): void => {};
  const logger = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => void errors.push(message) };
  const breaker = createCircuitBreaker({ name: 'x', clock, logger });
  const told: unknown[] = [];
  breaker.onSuccess(({ duration }) => told.push(duration));
  const undo = breaker.onFailure(({ duration, reason }) => told.push(duration, reason));
  breaker.onBreak(() => {
    throw new Error('listener');
  });
  await breaker.execute(() => clock.advance(7));
  const error = new Error('down');
  const failing = (): Promise<never> => clock.advance(3).then(() => Promise.reject(error));
  await breaker.execute(failing).catch(() => {});
  expect(told).toEqual([7, 3, { error }]);
  undo.dispose();
  for (let call = 0; call < 4; call++) await breaker.execute(failing).catch(() => {});
  expect(breaker.state).toBe('open');
  expect(told).toHaveLength(3);
  expect(errors).toEqual(['a listener of a circuit breaker threw']);
});

test('counts state changes and rejections', async () => {
  const counted: string[] = [];
  const quiet = (): void => {};
  const metrics = {
    count: (metric: string, _by?: number, labels?: object) => void counted.push(`${metric} ${JSON.stringify(labels)}`),
    gauge: quiet,
    observe: quiet,
  };
  const breaker = createCircuitBreaker({ name: 'x', metrics, detector: new ConsecutiveBreaker(1) });
  const rejected: string[] = [];
  breaker.onReject(({ code }) => rejected.push(code));
  await breaker.execute(() => Promise.reject(new Error('down'))).catch(() => {});
  await breaker.execute(() => 'ok').catch(() => {});
  expect(counted).toEqual([
    'circuit_breaker_state_changes_total {"circuit":"x","to":"open"}',
    'circuit_breaker_rejections_total {"circuit":"x","reason":"circuit_open"}',
  ]);
  expect(rejected).toEqual(['circuit_open']);
});
