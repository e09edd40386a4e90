import type { Clock, Logger } from '@naru/core';
import { RedisCacheError } from '@naru/redis-cache';
import type { EventPublisher } from '../events/event-publisher.js';

/** Knows whether the store of leases and states answers, and says once when it goes away and once when it is back. */
export interface StoreWatch {
  readonly away: boolean;
  /** Something was asked and not answered. Failures of another kind say nothing about the store and are told each. */
  failed(error: unknown): void;
  answered(): void;
}

export interface StoreWatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: Pick<EventPublisher, 'failed'>;
  readonly onBack: () => void;
}

export function createStoreWatch({ clock, logger, events, onBack }: StoreWatchOptions): StoreWatch {
  let awaySince: number | undefined;
  return {
    get away() {
      return awaySince !== undefined;
    },
    failed(error) {
      const silent = error instanceof RedisCacheError && (error.code === 'unavailable' || error.code === 'timeout');
      if (silent && awaySince !== undefined) return;
      if (silent) awaySince = clock.monotonic();
      events.failed({ boundary: 'cache', error: error instanceof Error ? error : new Error(String(error)) });
    },
    answered() {
      if (awaySince === undefined) return;
      const awayMs = Math.round(clock.monotonic() - awaySince);
      awaySince = undefined;
      logger.info('the store of leases answers again', { awayMs });
      onBack();
    },
  };
}
