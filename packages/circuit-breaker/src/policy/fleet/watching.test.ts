import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SharedCircuitPolicy } from '../shared-circuit-policy.js';
import { name, TestFleet, works } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

async function opened(breaker: SharedCircuitPolicy): Promise<SharedCircuitPolicy> {
  await fleet.fail(breaker);
  return breaker;
}

describe('watching', () => {
  test('ends with the breaker, and asks nothing afterwards', async () => {
    const breaker = await fleet.join();
    await breaker.close();
    const { requests } = fleet.store;
    const before = { ...requests };
    fleet.store.reconnect();
    await fleet.clock.advance(10_000);
    expect(requests).toEqual(before);
  });

  test('is taken up by the poll when it failed at the start', async () => {
    fleet.store.fault = 'away';
    const [a, b] = [await fleet.join(), await fleet.join()];
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect(fleet.store.requests.watch).toBe(2);
    await fleet.fail(a);
    expect(b.state).toBe('open');
    fleet.store.messages = false;
    await fleet.store.reset(name);
    fleet.store.reconnect();
    await fleet.clock.advance(0);
    expect(b.state).toBe('closed');
  });

  test('is not begun by a breaker that was closed before it started', async () => {
    const breaker = fleet.create();
    await breaker.close();
    await expect(breaker.start()).rejects.toMatchObject({ code: 'breaker_closed' });
    expect(fleet.store.requests).toEqual({});
  });

  test('is not begun when the breaker is closed while it stores what it was given', async () => {
    const initialState = JSON.parse(JSON.stringify(await fleet.join().then(opened)));
    const arrive = fleet.hold('restore');
    const watched = fleet.store.requests.watch;
    const breaker = fleet.create({ initialState });
    const starting = breaker.start();
    await breaker.close();
    arrive();
    await starting;
    expect(fleet.store.requests.watch).toBe(watched);
  });

  test('asks no more after a reading that was under way when the breaker closed', async () => {
    const breaker = await fleet.join();
    const arrive = fleet.hold('read');
    await fleet.clock.advance(1_000);
    const closing = breaker.close();
    arrive();
    await closing;
    await fleet.clock.advance(0);
    expect(fleet.clock.pending).toBe(0);
  });

  test('ends also when the breaker is closed while it starts', async () => {
    const breaker = fleet.create();
    const starting = breaker.start();
    await breaker.close();
    await starting;
    expect(fleet.clock.pending).toBe(0);
  });

  test.each<[string, (breaker: SharedCircuitPolicy) => Promise<unknown>]>([
    ['forceOpen', (breaker) => breaker.forceOpen()],
    ['recordSuccess', (breaker) => breaker.recordSuccess()],
    ['isRequestAllowed', (breaker) => breaker.isRequestAllowed()],
    ['execute', (breaker) => breaker.execute(works)],
  ])('begins with the first %s()', async (_how, ask) => {
    const breaker = fleet.create();
    await ask(breaker);
    await fleet.store.setMode(name, { mode: 'disabled', author: 'kim' });
    expect(breaker.circuit).toMatchObject({ mode: 'disabled', author: 'kim' });
  });
});

describe('while a breaker closes', () => {
  test('nothing passes any more, whatever it still hears', async () => {
    const breaker = await fleet.join({ maxProbes: 1 });
    await fleet.fail(breaker);
    await fleet.clock.advance(60_000);
    await breaker.isRequestAllowed();
    const closing = breaker.close();
    void fleet.store.reset(name);
    expect(breaker.state).toBe('closed');
    const refused = { code: 'breaker_closed' };
    await Promise.all([
      expect(breaker.execute(works)).rejects.toMatchObject(refused),
      expect(breaker.isRequestAllowed()).rejects.toMatchObject(refused),
      expect(breaker.recordFailure()).rejects.toMatchObject(refused),
      expect(breaker.forceOpen()).rejects.toMatchObject(refused),
      closing,
    ]);
    expect(await fleet.store.peek(name)).toMatchObject({ state: 'closed', mode: 'automatic' });
  });

  test('it says so rather than when to retry', async () => {
    const breaker = await fleet.join();
    await fleet.fail(breaker);
    const closing = breaker.close();
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
    await closing;
  });

  test('a second close() waits for the first', async () => {
    const breaker = await fleet.join({ maxProbes: 1 });
    await fleet.fail(breaker);
    await fleet.clock.advance(60_000);
    await breaker.isRequestAllowed();
    void breaker.close();
    await breaker.close();
    expect(await fleet.store.peek(name)).toMatchObject({ state: 'half-open', probing: 0 });
  });
});
