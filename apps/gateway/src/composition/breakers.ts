import {
  type BreakerStore,
  type CircuitSnapshot,
  createCircuitBreaker,
  MemoryBreakerStore,
  type OperatorNote,
} from '@naru/circuit-breaker';
import { createRedisBreakerStore } from '@naru/circuit-breaker/redis';
import { type Clock, isExchangeName, type Logger, type Metrics, regionOf, requestTypes } from '@naru/core';
import type { RedisConnectionManager } from '@naru/redis-cache';
import type { BreakerAction } from '../operations/routes.js';

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
  /**
   * Puts a circuit under an operator's hand, in the whole fleet with Redis. Undefined when no target has that name:
   * names are a closed set, so that nobody can fill the store with others.
   */
  steer(name: string, action: BreakerAction, note: Required<OperatorNote>): Promise<BreakerReport | undefined>;
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
  const of = (target: string): Breaker => {
    let breaker = breakers.get(target);
    if (!breaker) {
      breaker = createCircuitBreaker({ name: target, store, clock, logger, metrics });
      breakers.set(target, breaker);
    }
    return breaker;
  };
  const describe = (breaker: Breaker): BreakerReport => ({
    ...breaker.circuit,
    name: breaker.name,
    degraded: breaker.degraded,
  });
  return {
    of,
    report: () => [...breakers.values()].map(describe).sort((a, b) => (a.name < b.name ? -1 : 1)),
    async steer(name, action, note) {
      if (!isTargetKey(name)) return undefined;
      const breaker = of(name);
      logger.warn('an operator steers a breaker', { breaker: name, action, ...note });
      if (action === 'open') await breaker.forceOpen(note);
      else if (action === 'close') await breaker.forceClose(note);
      else await breaker.reset();
      return describe(breaker);
    },
    async close() {
      await Promise.all([...breakers.values()].map((breaker) => breaker.close()));
    },
  };
}

function isTargetKey(name: string): boolean {
  const [exchange = '', region, kind, ...rest] = name.split('/');
  const isKind = requestTypes.some((type) => type === kind);
  return rest.length === 0 && isKind && isExchangeName(exchange) && region === regionOf(exchange);
}
