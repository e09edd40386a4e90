import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { name, TestFleet } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

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

  test('ends also when the breaker is closed while it starts', async () => {
    const breaker = fleet.create();
    const starting = breaker.start();
    await breaker.close();
    await starting;
    expect(fleet.clock.pending).toBe(0);
  });
});
