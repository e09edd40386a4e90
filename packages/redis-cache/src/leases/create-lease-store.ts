import type { Clock } from '@naru/core';
import type { ScriptRunner } from '../redis-script.js';
import type { LeaseStore } from './lease-store.js';
import { MemoryLeaseStore } from './memory-lease-store.js';
import { RedisLeaseStore, type RedisLeaseStoreOptions } from './redis-lease-store.js';

/** Leases in the manager's Redis, or in this process when no manager is given. */
export function createLeaseStore(
  options: RedisLeaseStoreOptions & { readonly redis?: ScriptRunner; readonly clock?: Clock } = {},
): LeaseStore {
  return options.redis ? new RedisLeaseStore(options.redis, options) : new MemoryLeaseStore(options.clock);
}
