export type {
  CachedConnectionSpec,
  ConnectionStatus,
  SocketParams,
  StoredConnection,
  WebsocketConnectionSpec,
} from './cache/connection-spec.js';
export type { ConnectionStorage, SymbolChange, WriteAnswer, WriteGuard } from './cache/connection-storage.js';
export { MemoryConnectionStorage } from './cache/memory-connection-storage.js';
export type { ConnectionKeyStyle } from './cache/redis-connection-storage.js';
export {
  type ConnectionStateUpdate,
  createMemoryConnectionCache,
  WebsocketConnectionCache,
  type WebsocketConnectionCacheOptions,
  type WriteOptions,
} from './cache/websocket-connection-cache.js';
export type { ConnectionScope } from './connection-scope.js';
export type { RedisClient } from './connections/ioredis-clients.js';
export type { RedisAddress, RedisConnectionOptions, RedisTls } from './connections/options.js';
export {
  createRedisConnectionManager,
  RedisConnectionManager,
  type RedisHealth,
} from './connections/redis-connection-manager.js';
export { createLeaseStore } from './leases/create-lease-store.js';
export { createLeaseHolder, LeaseHolder, type LeaseHolderOptions, type LeaseLoss } from './leases/lease-holder.js';
export type { Lease, LeaseAnswer, LeaseStore } from './leases/lease-store.js';
export type { RedisLeaseStoreOptions } from './leases/redis-lease-store.js';
export { RedisCacheError, type RedisCacheErrorCode } from './redis-cache-error.js';
export { type RedisScript, redisScript, type ScriptRunner } from './redis-script.js';
export { createMemberRequests, MemberRequests, type MemberRequestsOptions } from './requests/member-requests.js';
export { createMemoryMessageBus, type MessageBus } from './requests/message-bus.js';
