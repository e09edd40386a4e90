import { silentMetrics } from '@naru/core';
import { createManualClock, type ManualClock } from '@naru/core/testing';
import {
  ConstantBackoff,
  DelegateBackoff,
  handleAll,
  handleWhen,
  handleWhenResult,
  isBrokenCircuitError,
  retry,
  wrap,
} from 'cockatiel';
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

test('the first call after the ramp notices that it is over, the next one begins at once', async () => {
  const breaker = create({ rampMs: 10_000, successThreshold: 1 });
  await failTimes(breaker, 5);
  await clock.advance(60_000);
  await breaker.execute(works);
  await clock.advance(10_000);
  let begun = 0;
  const call = (): Promise<unknown> =>
    breaker.execute(() => {
      begun += 1;
    });
  await call();
  const next = call();
  expect(begun).toBe(2);
  await next;
});

test('a circuit of this process alone needs no timer', async () => {
  const breaker = create();
  await breaker.execute(works);
  expect(clock.pending).toBe(0);
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

describe('once closed', () => {
  test.each<[string, (breaker: SharedCircuitPolicy) => Promise<unknown>]>([
    ['start', (breaker) => breaker.start()],
    ['isRequestAllowed', (breaker) => breaker.isRequestAllowed()],
    ['recordSuccess', (breaker) => breaker.recordSuccess()],
    ['recordFailure', (breaker) => breaker.recordFailure()],
    ['forceOpen', (breaker) => breaker.forceOpen()],
    ['reset', (breaker) => breaker.reset()],
  ])('%s() is refused', async (_name, ask) => {
    const breaker = create();
    await breaker.start();
    await breaker.close();
    await expect(ask(breaker)).rejects.toMatchObject({
      code: 'breaker_closed',
      message: expect.stringContaining('Create another one'),
    });
  });

  test('an open circuit says so rather than when to retry', async () => {
    const breaker = create();
    await failTimes(breaker, 5);
    await breaker.close();
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
  });

  test('leaving a block closes it', async () => {
    const breaker = create();
    {
      await using scoped = breaker;
      await scoped.execute(works);
    }
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
  });
});

describe('what an operator lets pass', () => {
  test.each(['forced-closed', 'disabled', 'metrics-only'] as const)('%s passes an open circuit', async (mode) => {
    const breaker = create();
    await failTimes(breaker, 5);
    expect(await breaker.isRequestAllowed()).toBe(false);
    await breaker.setMode({ mode });
    expect(await breaker.execute(works)).toBe('ok');
    expect(await breaker.isRequestAllowed()).toBe(true);
  });

  test.each(['forced-closed', 'disabled'] as const)('%s counts nothing, not even what is recorded', async (mode) => {
    const breaker = create();
    await breaker.setMode({ mode });
    for (let time = 0; time < 4; time++) await breaker.recordFailure();
    await failTimes(breaker, 4);
    await breaker.setMode({ mode: 'automatic' });
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('metrics-only counts what is recorded, and says what would have been', async () => {
    const breaker = create();
    await breaker.setMode({ mode: 'metrics-only' });
    const would: string[] = [];
    breaker.onWouldBreak(({ mode, state }) => would.push(`${mode} ${state}`));
    for (let time = 0; time < 5; time++) await breaker.recordFailure();
    expect(would).toEqual(['metrics-only closed']);
  });
});

describe('what is told of a call', () => {
  test('a failure with its reason, handled, whoever asked', async () => {
    const breaker = create({
      handle: handleWhenResult((result) => result === 503).orWhen((error) => error === broken),
    });
    const told: unknown[] = [];
    breaker.onFailure((event) => told.push(event));
    await failTimes(breaker, 1);
    await breaker.execute(() => 503);
    const recorded = new Error('recorded');
    await breaker.recordFailure(recorded);
    expect(breaker.lastFailure).toEqual({ error: recorded });
    await breaker.recordFailure();
    expect(told).toEqual([
      { duration: 0, handled: true, reason: { error: broken } },
      { duration: 0, handled: true, reason: { value: 503 } },
      { duration: 0, handled: true, reason: { error: recorded } },
      { duration: 0, handled: true, reason: { error: expect.objectContaining({ message: 'recorded failure' }) } },
    ]);
  });

  test('a duration, to whoever listens to one kind only', async () => {
    const [happy, sad] = [create(), create()];
    const told: number[] = [];
    happy.onSuccess(({ duration }) => told.push(duration));
    sad.onFailure(({ duration }) => told.push(duration));
    for (const breaker of [happy, sad]) {
      await breaker.start();
      await breaker.execute(() => clock.advance(7));
      await breaker.execute(() => clock.advance(3).then(fails)).catch(() => {});
    }
    expect(told).toEqual([7, 3]);
  });

  test('nothing by a call that was under way before anybody listened', async () => {
    const breaker = create();
    await breaker.start();
    const told: unknown[] = [];
    const call = slowCall();
    const running = breaker.execute(call.run);
    breaker.onFailure((event) => told.push(event));
    call.fail();
    await expect(running).rejects.toBe(broken);
    expect(told).toEqual([]);
    expect(breaker.lastFailure).toEqual({ error: broken });
  });

  test('of a probe too', async () => {
    const breaker = create();
    const told: unknown[] = [];
    breaker.onFailure(({ reason }) => told.push(reason));
    await failTimes(breaker, 5);
    await clock.advance(60_000);
    told.length = 0;
    await failTimes(breaker, 1);
    expect(told).toEqual([{ error: broken }]);
    await clock.advance(60_000);
    const successes: number[] = [];
    breaker.onSuccess(({ duration }) => successes.push(duration));
    await breaker.execute(() => clock.advance(4));
    expect(successes).toEqual([4]);
  });
});

test('a probe that the policy does not count frees its place and decides nothing', async () => {
  const other = new Error('not a failure');
  const breaker = create({ handle: handleWhen((error) => error !== other), maxProbes: 1 });
  await failTimes(breaker, 5);
  await clock.advance(60_000);
  await expect(breaker.execute(() => Promise.reject(other))).rejects.toBe(other);
  expect(breaker.circuit).toMatchObject({ state: 'half-open', probing: 0, succeeded: 0 });
  expect(await breaker.execute(works)).toBe('ok');
  expect(breaker.state).toBe('closed');
});

test('the open time may depend on what failed last', async () => {
  const openMs = new DelegateBackoff<{ result: unknown; signal: AbortSignal }>(({ result, signal }) =>
    signal.aborted || (result as { error?: Error }).error !== broken ? 1 : 9_000,
  );
  const breaker = create({ openMs });
  await failTimes(breaker, 5);
  expect(breaker.retryAfterMs).toBe(9_000);
});

test('recording needs no start, and no question before', async () => {
  const breaker = create();
  for (let time = 0; time < 5; time++) await breaker.recordFailure();
  expect(breaker.state).toBe('open');
  const other = create();
  expect(await other.forceOpen()).toMatchObject({ mode: 'forced-open' });
});

test('probes that are recorded are told apart from calls, and nobody is let in past the last place', async () => {
  const breaker = create({ maxProbes: 1 });
  await failTimes(breaker, 5);
  await clock.advance(60_000);
  expect(await breaker.isRequestAllowed()).toBe(true);
  await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'probes_taken', retryAfterMs: 30_000 });
  await breaker.recordFailure();
  expect(breaker.state).toBe('open');
});

describe('a refusal', () => {
  test('is counted, and told to whoever listens, whichever way it was asked for', async () => {
    const counted: unknown[] = [];
    const metrics = { ...silentMetrics, count: (...all: unknown[]) => void counted.push(all) };
    const breaker = create({ metrics });
    await failTimes(breaker, 5);
    counted.length = 0;
    expect(await breaker.isRequestAllowed()).toBe(false);
    const told: unknown[] = [];
    const listening = breaker.onReject((error) => told.push(error));
    expect(await breaker.isRequestAllowed()).toBe(false);
    const error = await breaker.execute(works).catch((caught: unknown) => caught);
    expect(told).toEqual([error, error]);
    listening.dispose();
    expect(await breaker.isRequestAllowed()).toBe(false);
    expect(told).toHaveLength(2);
    const once = ['circuit_breaker_rejections_total', 1, { circuit: breaker.name, reason: 'circuit_open' }];
    expect(counted).toEqual([once, once, once, once]);
  });

  test('comes before what a signal says', async () => {
    const breaker = create();
    await failTimes(breaker, 5);
    await expect(breaker.execute(works, AbortSignal.abort())).rejects.toMatchObject({ code: 'circuit_open' });
  });

  test('rejects and never throws, also when the metrics do', async () => {
    const broken = new Error('the metrics are broken');
    const count = (name: string): void => {
      if (name === 'circuit_breaker_rejections_total') throw broken;
    };
    const breaker = create({ metrics: { ...silentMetrics, count } });
    await failTimes(breaker, 5);
    await expect(breaker.execute(works)).rejects.toBe(broken);
  });
});
