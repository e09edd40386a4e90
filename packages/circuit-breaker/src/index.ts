export {
  CircuitBreakerError,
  type CircuitBreakerErrorCode,
  CircuitRejection,
} from './circuit-breaker-error.js';
export { anyOf } from './detectors/any-of.js';
export { type ConsecutiveFailuresOptions, consecutiveFailures } from './detectors/consecutive-failures.js';
export type { FailureDetector } from './detectors/failure-detector.js';
export { type FailuresInWindowOptions, failuresInWindow } from './detectors/failures-in-window.js';
export { type FailureRateOptions, failureRate, type SlowCallsOptions, slowCalls } from './detectors/share-in-window.js';
export type { StateChange } from './policy/circuit-events.js';
export type { OpenTime } from './policy/open-time.js';
export type { CircuitBreakerOptions } from './policy/options.js';
export {
  createCircuitBreaker,
  type OperatorNote,
  SharedCircuitPolicy,
} from './policy/shared-circuit-policy.js';
export type {
  BreakerStore,
  ModeChange,
  ProbeOutcome,
  ProbeReport,
  ProbeRequest,
  StoreAnswer,
  TripVote,
} from './stores/breaker-store.js';
export type { CircuitSnapshot, CircuitState, OperatorMode } from './stores/circuit-snapshot.js';
export { MemoryBreakerStore, type MemoryBreakerStoreOptions } from './stores/memory-breaker-store.js';
