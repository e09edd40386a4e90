import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { name, TestFleet, works } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

describe('while the store is away', () => {
  test('goes on with a circuit of its own, says so, and shares what it learned afterwards', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    const events: string[] = [];
    a.onDegraded(() => events.push('degraded'));
    a.onRecovered(() => events.push('recovered'));
    fleet.store.fault = 'away';
    await fleet.fail(a);
    expect([a.state, a.degraded, b.state]).toEqual(['open', true, 'closed']);
    await expect(a.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    expect(await b.execute(works)).toBe('ok');
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect([a.state, a.degraded, b.state]).toEqual(['open', false, 'open']);
    expect(events).toEqual(['degraded', 'recovered']);
    expect(b.retryAfterMs).toBeLessThanOrEqual(59_000);
  });

  test('an open circuit stays open, and is probed by each process for itself', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    await fleet.fail(a);
    fleet.store.fault = 'away';
    await fleet.clock.advance(30_000);
    expect([a.degraded, b.degraded]).toEqual([true, true]);
    await expect(b.execute(works)).rejects.toMatchObject({ code: 'circuit_open', retryAfterMs: 30_000 });
    await fleet.clock.advance(30_000);
    await b.execute(works);
    await b.execute(works);
    expect([a.state, b.state]).toEqual(['open', 'closed']);
  });

  test('starts all the same', async () => {
    fleet.store.fault = 'away';
    const breaker = await fleet.join();
    expect(breaker.degraded).toBe(true);
    expect(await breaker.execute(works)).toBe('ok');
    await fleet.fail(breaker);
    expect(breaker.state).toBe('open');
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect(breaker.degraded).toBe(false);
    expect((await fleet.store.read(name)).state).toBe('open');
  });

  test('refuses every call when told to', async () => {
    const breaker = await fleet.join({ whenStoreIsAway: 'reject' });
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'store_unavailable', retryAfterMs: 1_000 });
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect(await breaker.execute(works)).toBe('ok');
  });

  test('tells an operator that nothing was stored', async () => {
    const breaker = await fleet.join();
    fleet.store.fault = 'away';
    await expect(breaker.forceOpen()).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
      message: `The change of the circuit ${name} could not be stored. Retry when the store is back.`,
      cause: new Error('the store is away'),
    });
    expect(await breaker.execute(works)).toBe('ok');
  });

  test('a lost answer to a vote opens the circuit once', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    fleet.store.fault = 'mute';
    await fleet.fail(a);
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect([a.circuit.attempt, b.circuit.attempt]).toEqual([1, 1]);
    expect([a.state, b.state]).toEqual(['open', 'open']);
  });

  test('a lost answer to the wish for a probe costs a lease, not the circuit', async () => {
    const breaker = await fleet.join({ maxProbes: 1, probeLeaseMs: 5_000 });
    await fleet.fail(breaker);
    await fleet.clock.advance(60_000);
    fleet.store.fault = 'mute';
    // Now alone, it may probe for itself.
    expect(await breaker.execute(works)).toBe('ok');
    fleet.store.fault = 'none';
    await fleet.clock.advance(6_000);
    expect(await breaker.execute(works)).toBe('ok');
    expect(breaker.state).toBe('closed');
    expect((await fleet.store.read(name)).state).toBe('closed');
  });

  test('says so once, however often it fails', async () => {
    const breaker = await fleet.join();
    const degraded: unknown[] = [];
    breaker.onDegraded((error) => degraded.push(error));
    fleet.store.fault = 'away';
    await fleet.clock.advance(5_000);
    await fleet.fail(breaker);
    expect(degraded).toEqual([new Error('the store is away')]);
  });

  test('an own circuit that closed again is forgotten, and the shared one counts', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    fleet.store.fault = 'away';
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    await a.execute(works);
    await a.execute(works);
    expect(a.state).toBe('closed');
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect([a.degraded, (await fleet.store.peek(name)).state]).toEqual([false, 'closed']);
    fleet.store.fault = 'away';
    await fleet.fail(a);
    // Nothing is left of the first time: this is its first attempt.
    expect(a.circuit).toMatchObject({ state: 'open', attempt: 1 });
    expect(b.state).toBe('closed');
  });

  test('what an operator decided meanwhile counts more than what was seen alone', async () => {
    const [a] = [await fleet.join(), await fleet.join()];
    fleet.store.fault = 'away';
    await fleet.fail(a);
    fleet.store.fault = 'none';
    await fleet.store.setMode(name, { mode: 'forced-closed', author: 'kim' });
    await fleet.clock.advance(1_000);
    expect(await a.execute(works)).toBe('ok');
    expect(await fleet.store.peek(name)).toMatchObject({ state: 'closed', mode: 'forced-closed' });
    expect(fleet.store.requests.trip).toBeUndefined();
  });

  test('shares the time that is left of its own open circuit', async () => {
    const [a, b] = [await fleet.join({ openMs: 10_000 }), await fleet.join()];
    fleet.store.fault = 'away';
    await fleet.fail(a);
    await fleet.clock.advance(4_500);
    fleet.store.fault = 'none';
    await fleet.clock.advance(500);
    expect((await fleet.store.peek(name)).retryAfterMs).toBe(5_000);
    expect(b.state).toBe('open');
    // From then on there is one circuit again.
    await b.reset();
    expect([a.state, b.state]).toEqual(['closed', 'closed']);
  });

  test('calls do not pass and nothing of its own is opened when it was told to refuse alone', async () => {
    const breaker = await fleet.join({ whenStoreIsAway: 'reject' });
    fleet.store.fault = 'away';
    await fleet.fail(breaker);
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'store_unavailable' });
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect((await fleet.store.peek(name)).state).toBe('closed');
    expect([breaker.state, await breaker.execute(works)]).toEqual(['closed', 'ok']);
  });

  test('what the fleet knows already is not told again', async () => {
    const breaker = await fleet.join();
    await fleet.fail(breaker);
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect([breaker.degraded, breaker.state, fleet.store.requests.trip]).toEqual([false, 'open', 1]);
  });

  test('what the fleet learned meanwhile counts more than what was remembered of it', async () => {
    const breaker = await fleet.join();
    await fleet.fail(breaker);
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    expect([breaker.degraded, breaker.state]).toEqual([true, 'open']);
    fleet.store.fault = 'none';
    await fleet.store.reset(name);
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect([breaker.degraded, breaker.state, (await fleet.store.peek(name)).state]).toEqual([
      false,
      'closed',
      'closed',
    ]);
    await fleet.fail(breaker);
    expect(breaker.circuit).toMatchObject({ state: 'open', attempt: 1 });
  });

  test('a probe under way is no experience, a failed one is', async () => {
    const breaker = await fleet.join();
    const away = async (): Promise<void> => {
      await fleet.fail(breaker);
      fleet.store.fault = 'away';
      await fleet.clock.advance(60_000);
      expect(await breaker.isRequestAllowed()).toBe(true);
    };
    const back = async (): Promise<string> => {
      fleet.store.fault = 'none';
      fleet.store.messages = false;
      await fleet.store.reset(name);
      await fleet.clock.advance(1_000);
      fleet.store.messages = true;
      return (await fleet.store.peek(name)).state;
    };
    await away();
    expect([await back(), breaker.state]).toEqual(['closed', 'closed']);
    await breaker.recordSuccess();
    await away();
    await breaker.recordFailure();
    expect([await back(), breaker.state]).toEqual(['open', 'open']);
  });

  test('an open circuit whose time is over is probed, not taken for closed, when the store comes back empty', async () => {
    const breaker = await fleet.join({ openMs: 5_000 });
    await fleet.fail(breaker);
    fleet.store.fault = 'away';
    await fleet.clock.advance(6_000);
    fleet.store.fault = 'none';
    await fleet.store.forget();
    await fleet.clock.advance(1_000);
    expect([breaker.degraded, breaker.state]).toEqual([false, 'open']);
    await fleet.clock.advance(1);
    expect(await breaker.execute(works)).toBe('ok');
    expect(breaker.state).toBe('half-open');
  });
});
