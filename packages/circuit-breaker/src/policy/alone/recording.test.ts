import { beforeEach, expect, test } from 'vitest';
import { failTimes, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

test('serves those who ask and record themselves', async () => {
  const breaker = circuits.create({ openMs: 1_000 });
  for (let time = 0; time < 5; time++) {
    expect(await breaker.isRequestAllowed()).toBe(true);
    await breaker.recordFailure();
  }
  expect(await breaker.isRequestAllowed()).toBe(false);
  await circuits.clock.advance(1_000);
  for (let probe = 0; probe < 2; probe++) {
    expect(await breaker.isRequestAllowed()).toBe(true);
    await breaker.recordSuccess();
  }
  expect(breaker.state).toBe('closed');
});

test('recording needs no start, and no question before', async () => {
  const breaker = circuits.create();
  for (let time = 0; time < 5; time++) await breaker.recordFailure();
  expect(breaker.state).toBe('open');
  const other = circuits.create();
  expect(await other.forceOpen()).toMatchObject({ mode: 'forced-open' });
});

test('probes that are recorded are told apart from calls, and nobody is let in past the last place', async () => {
  const breaker = circuits.create({ maxProbes: 1 });
  await failTimes(breaker, 5);
  await circuits.clock.advance(60_000);
  expect(await breaker.isRequestAllowed()).toBe(true);
  await expect(breaker.execute(works)).rejects.toMatchObject({ code: 'probes_taken', retryAfterMs: 30_000 });
  await breaker.recordFailure();
  expect(breaker.state).toBe('open');
});
