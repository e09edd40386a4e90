import { handleWhen } from 'cockatiel';
import { beforeEach, expect, test } from 'vitest';
import { failTimes, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

test('the first call after the ramp notices that it is over, the next one begins at once', async () => {
  const breaker = circuits.create({ rampMs: 10_000, successThreshold: 1 });
  await failTimes(breaker, 5);
  await circuits.clock.advance(60_000);
  await breaker.execute(works);
  await circuits.clock.advance(10_000);
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

test('a probe that the policy does not count frees its place and decides nothing', async () => {
  const other = new Error('not a failure');
  const breaker = circuits.create({ handle: handleWhen((error) => error !== other), maxProbes: 1 });
  await failTimes(breaker, 5);
  await circuits.clock.advance(60_000);
  await expect(breaker.execute(() => Promise.reject(other))).rejects.toBe(other);
  expect(breaker.circuit).toMatchObject({ state: 'half-open', probing: 0, succeeded: 0 });
  expect(await breaker.execute(works)).toBe('ok');
  expect(breaker.state).toBe('closed');
});
