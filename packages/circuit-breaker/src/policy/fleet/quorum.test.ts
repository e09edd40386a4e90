import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryBreakerStore } from '../../stores/memory-breaker-store.js';
import { name, TestFleet, works } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

describe('with a quorum of two', () => {
  test('one bad process stops alone and recovers alone', async () => {
    const [bad, good] = [await fleet.join({ quorum: 2 }), await fleet.join({ quorum: 2 })];
    await fleet.fail(bad);
    expect([bad.state, good.state]).toEqual(['open', 'closed']);
    expect(await good.execute(works)).toBe('ok');
    await fleet.clock.advance(60_000);
    await bad.execute(works);
    await bad.execute(works);
    expect(bad.state).toBe('closed');
  });

  test('two stop the fleet', async () => {
    const breakers = [
      await fleet.join({ quorum: 2 }),
      await fleet.join({ quorum: 2 }),
      await fleet.join({ quorum: 2 }),
    ];
    await fleet.fail(breakers[0]!);
    await fleet.fail(breakers[1]!);
    expect(breakers.map(({ state }) => state)).toEqual(['open', 'open', 'open']);
    await fleet.clock.advance(60_000);
    expect(await breakers[0]!.execute(works)).toBe('ok');
    expect(breakers[2]!.state).toBe('half-open');
  });

  test('opens with the votes of a quorum only, and does not pretend before', async () => {
    const [first, second] = [await fleet.join({ quorum: 2 }), await fleet.join({ quorum: 2 })];
    const changes: string[] = [];
    first.onStateChange(({ to }) => changes.push(to));
    await fleet.fail(first);
    expect((await fleet.store.peek(name)).state).toBe('closed');
    expect(first.circuit).toMatchObject({ state: 'open', attempt: 1 });
    expect(changes).toEqual(['open']);
    // What the fleet agrees on counts more than what one process thinks.
    await second.forceClose();
    expect(await first.execute(works)).toBe('ok');
    await second.reset();
    await expect(first.execute(works)).rejects.toMatchObject({ code: 'circuit_open' });
    await fleet.clock.advance(60_000);
    await first.execute(works);
    expect(first.state).toBe('half-open');
    await first.execute(works);
    expect(first.state).toBe('closed');
    await fleet.fail(first);
    expect(first.circuit).toMatchObject({ state: 'open', attempt: 1 });
    // The first vote is too old by now, the second one is not.
    expect((await fleet.store.peek(name)).state).toBe('closed');
    await fleet.fail(second);
    expect((await fleet.store.peek(name)).state).toBe('open');
  });

  test('one that stopped alone votes once, however often it reads the circuit', async () => {
    const breaker = await fleet.join({ quorum: 2 });
    await fleet.fail(breaker);
    await fleet.clock.advance(10_000);
    expect([breaker.state, fleet.store.requests.trip]).toEqual(['open', 1]);
  });

  test('one that is alone because the store is away needs no other votes', async () => {
    const breaker = await fleet.join({ quorum: 2 });
    fleet.store.fault = 'away';
    await fleet.clock.advance(1_000);
    await fleet.fail(breaker);
    expect([breaker.degraded, breaker.state]).toEqual([true, 'open']);
    // Back again, its vote is one of two.
    fleet.store.fault = 'none';
    await fleet.clock.advance(1_000);
    expect([breaker.degraded, breaker.state, (await fleet.store.peek(name)).state]).toEqual([false, 'open', 'closed']);
  });

  test('breakers of one process and one store in memory vote as well', async () => {
    const store = new MemoryBreakerStore({ clock: fleet.clock });
    const [a, b] = [await fleet.join({ quorum: 2, store }), await fleet.join({ quorum: 2, store })];
    await fleet.fail(a);
    expect([a.state, b.state]).toEqual(['closed', 'closed']);
    await fleet.fail(b);
    expect([a.state, b.state]).toEqual(['open', 'open']);
  });
});
