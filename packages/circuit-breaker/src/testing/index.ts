export { type BreakerStoreSubject, breakerStoreContract } from './breaker-store-contract.js';
export type { ContractCase } from './contract.js';
export { withManualTime } from './manual-redis-time.js';
export { UnreliableStore } from './unreliable-store.js';
