import { ConstantBackoff, DelegateBackoff, handleAll, handleWhen, isBrokenCircuitError, retry, wrap } from 'cockatiel';
import { beforeEach, describe, expect, test } from 'vitest';
import { broken, fails, failTimes, slowCall, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

describe('with the default policy', () => {
  test('opens at the fifth failure in a row and says when to retry', async () => {
    const breaker = circuits.create();
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    await circuits.clock.advance(10_000);
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
    const breaker = circuits.create();
    await failTimes(breaker, 4);
    await breaker.execute(works);
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
  });

  test('lets probes through after a minute and closes at the second success', async () => {
    const breaker = circuits.create();
    await failTimes(breaker, 5);
    await circuits.clock.advance(60_000);
    await expect(breaker.execute(works)).resolves.toBe('ok');
    expect(breaker.state).toBe('half-open');
    await breaker.execute(works);
    expect(breaker.state).toBe('closed');
  });

  test('one failing probe opens it again', async () => {
    const breaker = circuits.create();
    await failTimes(breaker, 5);
    await circuits.clock.advance(60_000);
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
    expect(breaker.retryAfterMs).toBe(60_000);
  });

  test('lets at most three probes through at once', async () => {
    const breaker = circuits.create();
    await failTimes(breaker, 5);
    await circuits.clock.advance(60_000);
    const calls = [slowCall(), slowCall(), slowCall()];
    const running = calls.map((call) => breaker.execute(call.run));
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'probes_taken' });
    for (const call of calls) call.succeed();
    expect(await Promise.all(running)).toEqual(['late', 'late', 'late']);
    expect(breaker.state).toBe('closed');
  });
});

test('a slow call of an earlier generation decides nothing', async () => {
  const breaker = circuits.create({ openMs: 1_000, successThreshold: 1 });
  const slow = slowCall();
  const running = breaker.execute(slow.run);
  await failTimes(breaker, 5);
  await circuits.clock.advance(1_000);
  await breaker.execute(works);
  expect(breaker.state).toBe('closed');
  await failTimes(breaker, 4);
  slow.fail();
  await expect(running).rejects.toBe(broken);
  expect(breaker.state).toBe('closed');
});

test('works inside wrap() with the retries of cockatiel', async () => {
  const breaker = circuits.create();
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
  const breaker = circuits.create({ handle: handleWhen((error) => error !== broken), maxProbes: 1 });
  await failTimes(breaker, 20);
  expect(breaker.state).toBe('closed');
});

test('a circuit of this process alone needs no timer', async () => {
  const breaker = circuits.create();
  await breaker.execute(works);
  expect(circuits.clock.pending).toBe(0);
});

test('the open time may depend on what failed last', async () => {
  const openMs = new DelegateBackoff<{ result: unknown; signal: AbortSignal }>(({ result, signal }) =>
    signal.aborted || (result as { error?: Error }).error !== broken ? 1 : 9_000,
  );
  const breaker = circuits.create({ openMs });
  await failTimes(breaker, 5);
  expect(breaker.retryAfterMs).toBe(9_000);
});
