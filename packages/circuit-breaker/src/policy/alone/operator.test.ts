import { beforeEach, describe, expect, test } from 'vitest';
import { failTimes, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

test('obeys the operator until reset', async () => {
  const breaker = circuits.create();
  await breaker.forceOpen({ reason: 'maintenance', author: 'kim' });
  await expect(breaker.execute(works)).rejects.toThrow(/held open by an operator \(maintenance\)/);
  expect(breaker.circuit).toMatchObject({ mode: 'forced-open', reason: 'maintenance', author: 'kim' });
  await breaker.forceClose();
  await failTimes(breaker, 20);
  await breaker.reset();
  expect(breaker.mode).toBe('automatic');
  await failTimes(breaker, 5);
  expect(breaker.state).toBe('open');
});

describe('what an operator lets pass', () => {
  test.each(['forced-closed', 'disabled', 'metrics-only'] as const)('%s passes an open circuit', async (mode) => {
    const breaker = circuits.create();
    await failTimes(breaker, 5);
    expect(await breaker.isRequestAllowed()).toBe(false);
    await breaker.setMode({ mode });
    expect(await breaker.execute(works)).toBe('ok');
    expect(await breaker.isRequestAllowed()).toBe(true);
  });

  test.each(['forced-closed', 'disabled'] as const)('%s counts nothing, not even what is recorded', async (mode) => {
    const breaker = circuits.create();
    await breaker.setMode({ mode });
    for (let time = 0; time < 4; time++) await breaker.recordFailure();
    await failTimes(breaker, 4);
    await breaker.setMode({ mode: 'automatic' });
    await failTimes(breaker, 4);
    expect(breaker.state).toBe('closed');
    await failTimes(breaker, 1);
    expect(breaker.state).toBe('open');
  });

  test('metrics-only counts what is recorded, and says what would have been', async () => {
    const breaker = circuits.create();
    await breaker.setMode({ mode: 'metrics-only' });
    const would: string[] = [];
    breaker.onWouldBreak(({ mode, state }) => would.push(`${mode} ${state}`));
    for (let time = 0; time < 5; time++) await breaker.recordFailure();
    expect(would).toEqual(['metrics-only closed']);
  });
});
