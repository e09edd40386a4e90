import { createManualClock, type ManualClock } from '@naru/core/testing';
import { expect } from 'vitest';
import type { CircuitBreakerOptions } from '../options.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from '../shared-circuit-policy.js';

export const broken: Error = new Error('the exchange is down');
export const fails = (): never => {
  throw broken;
};
export const works = (): string => 'ok';

/** Makes breakers of one process on a clock that stands still. */
export interface TestCircuits {
  readonly clock: ManualClock;
  create(options?: Partial<CircuitBreakerOptions>): SharedCircuitPolicy;
}

export function testCircuits(): TestCircuits {
  const clock = createManualClock(1_700_000_000_000);
  return { clock, create: (options) => createCircuitBreaker({ name: 'upbit/korea/ticker', clock, ...options }) };
}

export async function failTimes(breaker: SharedCircuitPolicy, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await expect(breaker.execute(fails)).rejects.toBe(broken);
}

/** A call that ends when the test says so. */
export interface SlowCall {
  readonly run: () => Promise<string>;
  readonly succeed: () => void;
  readonly fail: () => void;
}

export function slowCall(): SlowCall {
  let succeed!: () => void;
  let fail!: () => void;
  const ended = new Promise<string>((resolve, reject) => {
    succeed = () => resolve('late');
    fail = () => reject(broken);
  });
  return { run: () => ended, succeed, fail };
}
