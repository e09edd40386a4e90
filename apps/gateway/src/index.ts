export { createGateway, type Gateway, type GatewayOptions } from './composition/create-gateway.js';
export type { Overrides } from './composition/overrides.js';
export type { Schemas } from './composition/schemas.js';
export { type ConfigOverrides, completeConfig, defaultConfig } from './config/complete-config.js';
export {
  type GatewayConfig,
  type LogLevel,
  logLevels,
  type SaslMechanism,
  type TlsConfig,
} from './config/gateway-config.js';
export {
  type ConfigSources,
  type Environment,
  type FoundConfig,
  type FoundSetting,
  findConfig,
  readConfig,
} from './config/read-config.js';
export { type PlacedSetting, placedSettings, type Setting } from './config/setting.js';
export { settings } from './config/settings.js';
export type { RateSource } from './conversion/rate-source.js';
export type { FleetReport } from './fleet/fleet.js';
export { GatewayError, type GatewayErrorCode } from './gateway-error.js';
export type { StreamReport } from './orchestration/target-books.js';
