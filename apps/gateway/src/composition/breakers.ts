import {
  type BreakerStore,
  type CircuitSnapshot,
  createCircuitBreaker,
  MemoryBreakerStore,
} from '@naru/circuit-breaker';
import { createRedisBreakerStore } from '@naru/circuit-breaker/redis';
import type { Clock, Logger, Metrics } from '@naru/core';
import type { RedisConnectionManager } from '@naru/redis-cache';

type Breaker = ReturnType<typeof createCircuitBreaker>;

/** A circuit as this member knows it. `retryAfterMs` is the wait until the next probe may pass. */
export interface BreakerReport extends CircuitSnapshot {
  /** The target's key. */
  readonly name: string;
  /** The shared store is away and this member goes on alone. */
  readonly degraded: boolean;
}

/** One breaker for each target: an exchange that fails is left alone for a while, by the whole fleet with Redis. */
export interface Breakers {
  of(target: string): Breaker;
  /** Every breaker that was asked for so far, by name. */
  report(): readonly BreakerReport[];
  close(): Promise<void>;
}

export interface BreakersOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Shares the circuits with every gateway on the same Redis. Default: this process' own. */
  readonly redis?: RedisConnectionManager | undefined;
  /** Keeps the circuits in place of Redis and of this process; it stays the caller's. */
  readonly store?: BreakerStore | undefined;
}

export function createBreakers({ clock, logger, metrics, redis, store: given }: BreakersOptions): Breakers {
  const store: BreakerStore = given ?? (redis ? createRedisBreakerStore({ redis }) : new MemoryBreakerStore({ clock }));
  const breakers = new Map<string, Breaker>();
  return {
    of(target) {
      let breaker = breakers.get(target);
      if (!breaker) {
        breaker = createCircuitBreaker({ name: target, store, clock, logger, metrics });
        breakers.set(target, breaker);
      }
      return breaker;
    },
    report: () =>
      [...breakers.values()]
        .map((breaker) => ({ ...breaker.circuit, name: breaker.name, degraded: breaker.degraded }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    async close() {
      await Promise.all([...breakers.values()].map((breaker) => breaker.close()));
    },
  };
}
