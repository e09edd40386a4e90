export type { BreakerRedis, BreakerScript } from './breaker-redis.js';
export { type BreakerRedisOptions, connectBreakerRedis, type OwnBreakerRedis } from './connect-breaker-redis.js';
export {
  createRedisBreakerStore,
  RedisBreakerStore,
  type RedisBreakerStoreOptions,
} from './redis-breaker-store.js';
