import { handleWhen } from 'cockatiel';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { broken, name, TestFleet, works } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

describe('probes', () => {
  test('that outlive their lease are aborted, count as failed, and free their place', async () => {
    const [a, b] = [
      await fleet.join({ maxProbes: 1, probeLeaseMs: 10_000 }),
      await fleet.join({ maxProbes: 1, probeLeaseMs: 10_000 }),
    ];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    const stuck = a.execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const ended = expect(stuck).rejects.toMatchObject({ name: 'TimeoutError' });
    await fleet.clock.advance(8_999);
    expect(b.state).toBe('half-open');
    await fleet.clock.advance(1);
    await ended;
    expect(b.circuit).toMatchObject({ state: 'open', attempt: 2 });
  });

  test('whose caller gives up count neither way and free their place', async () => {
    const [a, b] = [await fleet.join({ maxProbes: 1 }), await fleet.join({ maxProbes: 1 })];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    const giveUp = new AbortController();
    const call = a.execute(
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: giveUp.signal },
    );
    await fleet.clock.advance(0);
    giveUp.abort(broken);
    await expect(call).rejects.toBe(broken);
    expect(b.circuit).toMatchObject({ state: 'half-open', probing: 0 });
    expect(await b.execute(works)).toBe('ok');
    expect(b.state).toBe('closed');
  });

  test('of a killed process free their place when the lease ends', async () => {
    const [a, b] = [await fleet.join({ maxProbes: 1 }), await fleet.join({ maxProbes: 1 })];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    await fleet.store.acquire(name, { token: 'of somebody who died', leaseMs: 30_000, maxProbes: 1 });
    expect(await b.isRequestAllowed()).toBe(false);
    await fleet.clock.advance(30_000);
    expect(await b.isRequestAllowed()).toBe(true);
    await b.recordSuccess();
  });

  test('that were allowed and never recorded free their place when the lease ends', async () => {
    const breaker = await fleet.join({ maxProbes: 1 });
    await fleet.fail(breaker);
    await fleet.clock.advance(60_000);
    expect(await breaker.isRequestAllowed()).toBe(true);
    expect(await breaker.isRequestAllowed()).toBe(false);
    await fleet.clock.advance(27_000);
    expect(breaker.circuit).toMatchObject({ state: 'open', attempt: 2 });
    await fleet.clock.advance(60_000);
    expect(await breaker.isRequestAllowed()).toBe(true);
    await breaker.recordSuccess();
    expect(breaker.state).toBe('closed');
  });

  test('that are all taken are waited for until the first lease ends', async () => {
    const [a, b] = [await fleet.join({ maxProbes: 1 }), await fleet.join({ maxProbes: 1 })];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    await a.isRequestAllowed();
    await expect(b.execute(works)).rejects.toMatchObject({ code: 'probes_taken', retryAfterMs: 30_000 });
    await expect(b.execute(works)).rejects.toMatchObject({ code: 'probes_taken', retryAfterMs: 250 });
  });

  test('are asked for again at once when a place is free, and not because nothing changed', async () => {
    const other = new Error('not a failure');
    const handle = handleWhen((error) => error !== other);
    const options = { maxProbes: 1, pollMs: 100, handle };
    const [a, b] = [await fleet.join(options), await fleet.join(options)];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    let end!: () => void;
    const running = a.execute(
      () =>
        new Promise((_resolve, reject) => {
          end = () => reject(other);
        }),
    );
    await fleet.clock.advance(0);
    expect(await b.isRequestAllowed()).toBe(false);
    const asked = fleet.store.requests.acquire;
    await fleet.clock.advance(100);
    expect([await b.isRequestAllowed(), fleet.store.requests.acquire]).toEqual([false, asked]);
    end();
    await expect(running).rejects.toBe(other);
    expect(await b.isRequestAllowed()).toBe(true);
  });

  test('that the fleet denied are free when the store goes away', async () => {
    const [a, b] = [await fleet.join({ maxProbes: 1 }), await fleet.join({ maxProbes: 1, pollMs: 100 })];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    await a.isRequestAllowed();
    expect(await b.isRequestAllowed()).toBe(false);
    fleet.store.fault = 'away';
    await fleet.clock.advance(100);
    expect([b.degraded, await b.isRequestAllowed()]).toEqual([true, true]);
  });

  test('are no probes any more when the circuit closed unheard', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    await fleet.fail(a);
    await fleet.clock.advance(60_000);
    fleet.store.messages = false;
    await a.execute(works);
    await a.execute(works);
    expect([a.state, b.state]).toEqual(['closed', 'open']);
    expect(await b.execute(works)).toBe('ok');
    expect([b.state, b.circuit.probing]).toEqual(['closed', 0]);
  });
});
