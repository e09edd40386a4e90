export { kafkaAnswers } from './health/kafka-answers.js';
export { redisAnswers } from './health/redis-answers.js';
export { registryAnswers } from './health/registry-answers.js';
export { InfraError, type InfraErrorCode } from './infra-error.js';
export type { InfraPaths } from './state/infra-paths.js';
export { infraPaths } from './state/infra-paths.js';
export type { InfraState, ServerProcess } from './state/infra-state.js';
export { readState } from './state/infra-state.js';
