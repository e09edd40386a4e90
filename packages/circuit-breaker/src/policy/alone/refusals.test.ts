import { silentMetrics } from '@naru/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { failTimes, type TestCircuits, testCircuits, works } from './test-circuit.js';

let circuits: TestCircuits;
beforeEach(() => {
  circuits = testCircuits();
});

describe('a refusal', () => {
  test('is counted, and told to whoever listens, whichever way it was asked for', async () => {
    const counted: unknown[] = [];
    const metrics = { ...silentMetrics, count: (...all: unknown[]) => void counted.push(all) };
    const breaker = circuits.create({ metrics });
    await failTimes(breaker, 5);
    counted.length = 0;
    expect(await breaker.isRequestAllowed()).toBe(false);
    const told: unknown[] = [];
    const listening = breaker.onReject((error) => told.push(error));
    expect(await breaker.isRequestAllowed()).toBe(false);
    const error = await breaker.execute(works).catch((caught: unknown) => caught);
    expect(told).toEqual([error, error]);
    listening.dispose();
    expect(await breaker.isRequestAllowed()).toBe(false);
    expect(told).toHaveLength(2);
    const once = ['circuit_breaker_rejections_total', 1, { circuit: breaker.name, reason: 'circuit_open' }];
    expect(counted).toEqual([once, once, once, once]);
  });

  test('comes before what a signal says', async () => {
    const breaker = circuits.create();
    await failTimes(breaker, 5);
    await expect(breaker.execute(works, AbortSignal.abort())).rejects.toMatchObject({ code: 'circuit_open' });
  });

  test('rejects and never throws, also when the metrics do', async () => {
    const broken = new Error('the metrics are broken');
    const count = (name: string): void => {
      if (name === 'circuit_breaker_rejections_total') throw broken;
    };
    const breaker = circuits.create({ metrics: { ...silentMetrics, count } });
    await failTimes(breaker, 5);
    await expect(breaker.execute(works)).rejects.toBe(broken);
  });
});
