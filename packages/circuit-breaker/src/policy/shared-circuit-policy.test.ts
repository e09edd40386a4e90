import { createManualClock, type ManualClock } from '@naru/core/testing';
import { ConstantBackoff, handleAll, handleWhen, isBrokenCircuitError, retry, wrap } from 'cockatiel';
import { beforeEach, describe, expect, test } from 'vitest';
import type { CircuitBreakerOptions } from './options.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from './shared-circuit-policy.js';

const broken = new Error('the exchange is down');
const fails = (): never => {
  throw broken;
};
const works = (): string => 'ok';

let clock: ManualClock;
beforeEach(() => {
  clock = createManualClock(1_700_000_000_000);
});

function create(options: Partial<CircuitBreakerOptions> = {}): SharedCircuitPolicy {
  return createCircuitBreaker({ name: 'upbit/korea/ticker', clock, ...options });
}

async function failTimes(breaker: SharedCircuitPolicy, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await expect(breaker.execute(fails)).rejects.toBe(broken);
}

/** A call that ends when the test says so. */
function slowCall(): { run: () => Promise<string>; succeed: () => void; fail: () => void } {
  let succeed!: () => void;
  let fail!: () => void;
  const ended = new Promise<string>((resolve, reject) => {
    succeed = () => resolve('late');
    fail = () => reject(broken);
  });
  return { run: () => ended, succeed, fail };
}

describe('with the default policy', () => {
  test('opens at the fifth failure in a row and says when to retry', async () => {
    const breaker = create();
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    await clock.advance(10_000);
    const error = await breaker.execute(works).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'CircuitBreakerError',
      code: 'circuit_open',
      retryable: true,
      retryAfterMs: 50_000,
    });
    expect(isBrokenCircuitError(error)).toBe(true);
  });

  test('a success between failures begins the count again', async () => {
    const breaker = create();
    await failTimes(breaker, 4);
    await breaker.execute(works);
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
  });

  test('lets probes through after a minute and closes at the second success', async () => {
    const breaker = create();
    await failTimes(breaker, 5);
    await clock.advance(60_000);
    await expect(breaker.execute(works)).resolves.toBe('ok');
    expect(breaker.state).toBe('half-open');
    await breaker.execute(works);
    expect(breaker.state).toBe('closed');
  });

  test('one failing probe opens it again', async () => {
    const breaker = create();
    await failTimes(breaker, 5);
    await clock.advance(60_000);
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs).toBe(60_000);
  });

  test('lets at most three probes through at once', async () => {
    const breaker = create();
    await failTimes(breaker, 5);
    await clock.advance(60_000);
    const calls = [slowCall(), slowCall(), slowCall()];
    const running = calls.map((call) => breaker.execute(call.run));
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'probes_taken' });
    for (const call of calls) call.succeed();
    expect(await Promise.all(running)).toEqual(['late', 'late', 'late']);
    expect(breaker.state).toBe('closed');
  });
});

test('a slow call of an earlier generation decides nothing', async () => {
  const breaker = create({ openMs: 1_000, successThreshold: 1 });
  const slow = slowCall();
  const running = breaker.execute(slow.run);
  await failTimes(breaker, 5);
  await clock.advance(1_000);
  await breaker.execute(works);
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 4);
  slow.fail();
  await expect(running).rejects.toBe(broken);
  expect(breaker.state).toBe('closed');
});

test('works inside wrap() with the retries of cockatiel', async () => {
  const breaker = create();
  const policy = wrap(retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(0) }), breaker);
  let calls = 0;
  await expect(
    policy.execute(() => {
      calls += 1;
      return fails();
    }),
  ).rejects.toBe(broken);
  expect(calls).toBe(3);
});

test('errors that the policy does not handle count neither way', async () => {
  const breaker = create({ handle: handleWhen((error) => error !== broken), maxProbes: 1 });
  await failTimes(breaker, 20);
  expect(breaker.state).toBe('closed');
});

test('serves those who ask and record themselves', async () => {
  const breaker = create({ openMs: 1_000 });
  for (let time = 0; time < 5; time++) {
    expect(await breaker.isRequestAllowed()).toBe(true);
    await breaker.recordFailure();
  }
  expect(await breaker.isRequestAllowed()).toBe(false);
  await clock.advance(1_000);
  for (let probe = 0; probe < 2; probe++) {
    expect(await breaker.isRequestAllowed()).toBe(true);
    await breaker.recordSuccess();
  }
  expect(breaker.state).toBe('closed');
});

test('obeys the operator until reset', async () => {
  const breaker = create();
  await breaker.forceOpen({ reason: 'maintenance', author: 'kim' });
  await expect(breaker.execute(works)).rejects.toThrow(/held open by an operator \(maintenance\)/);
  expect(breaker.circuit).toMatchObject({ mode: 'forced-open', reason: 'maintenance', author: 'kim' });
  await breaker.forceClose();
  await failTimes(breaker, 20);
  await breaker.reset();
  expect(breaker.mode).toBe('automatic');
  await failTimes(breaker, 5);
  expect(breaker.state).toBe('open');
});

test('refuses calls after close(), which may be called twice', async () => {
  const breaker = create();
  await breaker.close();
  await breaker.close();
  await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
  expect(clock.pending).toBe(0);
});

test('does not begin a call whose signal is aborted', async () => {
  const breaker = create();
  const reason = new Error('given up');
  await expect(breaker.execute(works, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('gives each call a signal of its own, on which listeners do not pile up', async () => {
  const breaker = create();
  const signals: AbortSignal[] = [];
  for (let call = 0; call < 2; call++) await breaker.execute(({ signal }) => void signals.push(signal));
  expect(signals[0]).not.toBe(signals[1]);
  const own = new AbortController().signal;
  await breaker.execute(({ signal }) => void signals.push(signal), { signal: own });
  await breaker.execute(({ signal }) => void signals.push(signal), own);
  expect(signals.slice(2)).toEqual([own, own]);
});
