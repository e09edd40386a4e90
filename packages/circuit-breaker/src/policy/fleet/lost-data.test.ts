import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { name, TestFleet } from './test-fleet.js';

const fleet = new TestFleet();
beforeEach(() => fleet.begin());
afterEach(() => fleet.end());

describe('when the store lost its data', () => {
  test('an open circuit is put back', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    await fleet.fail(a);
    await fleet.store.forget();
    await fleet.clock.advance(1_000);
    expect(await fleet.store.read(name)).toMatchObject({ state: 'open', attempt: 1 });
    expect([a.state, b.state]).toEqual(['open', 'open']);
    expect(a.retryAfterMs).toBe(59_000);
  });

  test("an operator's decision is put back", async () => {
    const breaker = await fleet.join();
    await breaker.forceOpen({ reason: 'drill', author: 'kim' });
    await fleet.store.forget();
    await fleet.clock.advance(1_000);
    expect(await fleet.store.read(name)).toMatchObject({ mode: 'forced-open', reason: 'drill', author: 'kim' });
  });

  test('a closed circuit begins afresh and opens as ever', async () => {
    const [a, b] = [await fleet.join(), await fleet.join()];
    await a.reset();
    await fleet.store.forget();
    await fleet.clock.advance(1_000);
    await fleet.fail(a);
    expect([a.state, b.state]).toEqual(['open', 'open']);
  });
});
