import { beforeEach, describe, expect, test } from 'vitest';
import type { SharedCircuitPolicy } from '../shared-circuit-policy.js';
import { failTimes, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

test('refuses calls after close(), which may be called twice', async () => {
  const breaker = circuits.create();
  await breaker.close();
  await breaker.close();
  await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
  expect(circuits.clock.pending).toBe(0);
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
    const breaker = circuits.create();
    await breaker.start();
    await breaker.close();
    await expect(ask(breaker)).rejects.toMatchObject({
      code: 'breaker_closed',
      message: expect.stringContaining('Create another one'),
    });
  });

  test('an open circuit says so rather than when to retry', async () => {
    const breaker = circuits.create();
    await failTimes(breaker, 5);
    await breaker.close();
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
  });

  test('leaving a block closes it', async () => {
    const breaker = circuits.create();
    {
      await using scoped = breaker;
      await scoped.execute(works);
    }
    await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'breaker_closed' });
  });
});
