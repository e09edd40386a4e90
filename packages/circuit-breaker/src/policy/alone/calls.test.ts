import { handleWhenResult } from 'cockatiel';
import { beforeEach, describe, expect, test } from 'vitest';
import { broken, fails, failTimes, slowCall, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

test('does not begin a call whose signal is aborted', async () => {
  const breaker = circuits.create();
  const reason = new Error('given up');
  await expect(breaker.execute(works, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});

test('gives each call a signal of its own, on which listeners do not pile up', async () => {
  const breaker = circuits.create();
  const signals: AbortSignal[] = [];
  for (let call = 0; call < 2; call++) await breaker.execute(({ signal }) => void signals.push(signal));
  expect(signals[0]).not.toBe(signals[1]);
  const own = new AbortController().signal;
  await breaker.execute(({ signal }) => void signals.push(signal), { signal: own });
  await breaker.execute(({ signal }) => void signals.push(signal), own);
  expect(signals.slice(2)).toEqual([own, own]);
});

describe('what is told of a call', () => {
  test('a failure with its reason, handled, whoever asked', async () => {
    const breaker = circuits.create({
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
    const [happy, sad] = [circuits.create(), circuits.create()];
    const told: number[] = [];
    happy.onSuccess(({ duration }) => told.push(duration));
    sad.onFailure(({ duration }) => told.push(duration));
    for (const breaker of [happy, sad]) {
      await breaker.start();
      await breaker.execute(() => circuits.clock.advance(7));
      await breaker.execute(() => circuits.clock.advance(3).then(fails)).catch(() => {});
    }
    expect(told).toEqual([7, 3]);
  });

  test('nothing by a call that was under way before anybody listened', async () => {
    const breaker = circuits.create();
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
    const breaker = circuits.create();
    const told: unknown[] = [];
    breaker.onFailure(({ reason }) => told.push(reason));
    await failTimes(breaker, 5);
    await circuits.clock.advance(60_000);
    told.length = 0;
    await failTimes(breaker, 1);
    expect(told).toEqual([{ error: broken }]);
    await circuits.clock.advance(60_000);
    const successes: number[] = [];
    breaker.onSuccess(({ duration }) => successes.push(duration));
    await breaker.execute(() => circuits.clock.advance(4));
    expect(successes).toEqual([4]);
  });
});
