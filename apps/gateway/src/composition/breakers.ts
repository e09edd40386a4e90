import { createCircuitBreaker } from '@naru/circuit-breaker';
import type { Clock } from '@naru/core';

type Breaker = ReturnType<typeof createCircuitBreaker>;

/** One breaker for each target: an exchange that fails is left alone for a while. */
export interface Breakers {
  of(target: string): Breaker;
  close(): Promise<void>;
}

export function createBreakers(clock: Clock): Breakers {
  const breakers = new Map<string, Breaker>();
  return {
    of(target) {
      let breaker = breakers.get(target);
      if (!breaker) {
        breaker = createCircuitBreaker({ name: target, clock });
        breakers.set(target, breaker);
      }
      return breaker;
    },
    async close() {
      await Promise.all([...breakers.values()].map((breaker) => breaker.close()));
    },
  };
}
