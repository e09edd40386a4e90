import { topicNames } from '@naru/core';
import type { GatewayConfig, SettingValues } from './gateway-config.js';
import { buildConfig, type SettingValue } from './setting.js';
import { settings } from './settings.js';

/** What differs from the defaults, at any depth. */
export type ConfigOverrides = Changes<GatewayConfig>;

type Changes<C> = {
  readonly [K in keyof C]?: [C[K]] extends [SettingValue] ? C[K] : Changes<C[K]>;
};

export const defaultConfig: GatewayConfig = {
  ...buildConfig<SettingValues>(settings, (_, setting) => setting.default),
  topics: topicNames,
};

/** The defaults with what differs from them. Lists are replaced, not joined. */
export function completeConfig(overrides: ConfigOverrides = {}): GatewayConfig {
  return merged(defaultConfig, overrides) as GatewayConfig;
}

function merged(base: unknown, changes: unknown): unknown {
  if (!isSection(base) || !isSection(changes)) return changes === undefined ? base : changes;
  const result: Record<string, unknown> = { ...base };
  for (const [name, change] of Object.entries(changes)) result[name] = merged(base[name], change);
  return result;
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
