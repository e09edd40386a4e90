export { createGateway, type Gateway, type GatewayOptions } from './composition/create-gateway.js';
export { defaultConfig, type GatewayConfig, type LogLevel, logLevels } from './config/gateway-config.js';
export { readEnvironment, type Variable, variables } from './config/read-environment.js';
export { GatewayError, type GatewayErrorCode } from './gateway-error.js';
export type { StreamReport } from './orchestration/stream-orchestrator.js';
