import { createManualClock, type ManualClock } from '@naru/core/testing';
import { expect } from 'vitest';
import { consecutiveFailures } from '../../detectors/consecutive-failures.js';
import { UnreliableStore } from '../../testing/unreliable-store.js';
import type { CircuitBreakerOptions } from '../options.js';
import { createCircuitBreaker, type SharedCircuitPolicy } from '../shared-circuit-policy.js';

export const name = 'upbit/korea/ticker';
export const broken: Error = new Error('the exchange is down');
export const works = (): string => 'ok';
const fails = (): never => {
  throw broken;
};

/** Breakers, each as in a process of its own, over one store with faults and on one clock that stands still. */
export class TestFleet {
  clock!: ManualClock;
  store!: UnreliableStore;
  readonly #breakers: SharedCircuitPolicy[] = [];

  begin(): void {
    this.clock = createManualClock(1_700_000_000_000);
    this.store = new UnreliableStore({ clock: this.clock });
  }

  async end(): Promise<void> {
    this.store.fault = 'none';
    for (const breaker of this.#breakers.splice(0)) await breaker.close();
    expect(this.clock.pending).toBe(0);
  }

  /** A breaker that has not asked for the circuit yet, and opens at the second failure in a row. */
  create(options: Partial<CircuitBreakerOptions> = {}): SharedCircuitPolicy {
    const { clock, store } = this;
    const detector = consecutiveFailures({ failures: 2 });
    const breaker = createCircuitBreaker({ name, store, clock, detector, rampMs: 0, random: () => 0.5, ...options });
    this.#breakers.push(breaker);
    return breaker;
  }

  /** A breaker that knows the circuit. */
  async join(options: Partial<CircuitBreakerOptions> = {}): Promise<SharedCircuitPolicy> {
    const breaker = this.create(options);
    await breaker.start();
    return breaker;
  }

  async fail(breaker: SharedCircuitPolicy, times = 2): Promise<void> {
    for (let time = 0; time < times; time++) await expect(breaker.execute(fails)).rejects.toBe(broken);
    await this.clock.advance(0);
  }

  /** From now on requests of this kind are under way until the answer is called. */
  hold(method: 'read' | 'restore' | 'trip'): () => void {
    let arrive!: () => void;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const send = this.store[method].bind(this.store) as (...request: unknown[]) => Promise<never>;
    this.store[method] = async (...request: unknown[]) => {
      await arrived;
      return await send(...request);
    };
    return arrive;
  }
}
