import { DelegateBackoff, type FailureReason } from 'cockatiel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SharedCircuitPolicy } from '../shared-circuit-policy.js';
import { broken, name, TestFleet, works } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

/** Calls that all fail when the test says so. */
function callsThatFail(breaker: SharedCircuitPolicy, count: number): () => Promise<void> {
  let fail!: () => void;
  const failed = new Promise<never>((_resolve, reject) => {
    fail = () => reject(broken);
  });
  const calls = Array.from({ length: count }, () => breaker.execute(() => failed).catch(() => {}));
  return async () => {
    fail();
    await Promise.all(calls);
    await fleet.clock.advance(0);
  };
}

describe('a vote', () => {
  test('is given once for failures that come together', async () => {
    const breaker = await fleet.join();
    await callsThatFail(breaker, 4)();
    expect(fleet.store.requests.trip).toBe(1);
    expect(breaker.circuit).toMatchObject({ state: 'open', attempt: 1 });
  });

  test('counts failures on both sides of a poll that brought nothing new', async () => {
    const breaker = await fleet.join();
    await fleet.fail(breaker, 1);
    await fleet.clock.advance(1_000);
    await fleet.fail(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('is not given for calls that began when another circuit counted', async () => {
    const breaker = await fleet.join();
    const fail = callsThatFail(breaker, 2);
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    expect(breaker.degraded).toBe(true);
    await fail();
    expect(breaker.state).toBe('closed');
  });

  test('has arrived when the failure is recorded', async () => {
    const breaker = await fleet.join();
    await breaker.recordFailure();
    const arrive = fleet.hold('trip');
    let recorded = false;
    const recording = breaker.recordFailure().then(() => {
      recorded = true;
    });
    await fleet.clock.advance(0);
    expect([breaker.state, recorded]).toEqual(['open', false]);
    arrive();
    await recording;
    expect((await fleet.store.peek(name)).state).toBe('open');
  });
});

describe('what failed last', () => {
  test('stays known when others succeed', async () => {
    const breaker = await fleet.join();
    await fleet.fail(breaker, 1);
    await breaker.execute(works);
    expect(breaker.lastFailure).toEqual({ error: broken });
  });

  test('is unknown to a process whose first trouble is a probe nobody recorded', async () => {
    const told: unknown[] = [];
    const openMs = new DelegateBackoff<{ result: FailureReason<unknown> }>(({ result }) => {
      told.push(result);
      return 5_000;
    });
    const [a, b] = [await fleet.join(), await fleet.join({ openMs })];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    await b.isRequestAllowed();
    await fleet.clock.advance(27_000);
    expect(b.circuit).toMatchObject({ state: 'open', attempt: 2, retryAfterMs: 5_000 });
    expect(told.at(-1)).toEqual({ error: new Error('unknown failure') });
  });
});
