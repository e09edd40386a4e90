export { type ConnectionCacheSubject, connectionCacheContract } from './connection-cache-contract.js';
export type { ContractCase } from './contract.js';
export { type LeaseStoreSubject, leaseStoreContract } from './lease-store-contract.js';
export { withManualTime } from './manual-redis-time.js';
export { type MessageBusSubject, messageBusContract } from './message-bus-contract.js';
