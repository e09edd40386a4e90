import type { GatewayConfig } from './gateway-config.js';
import { placedSettings } from './setting.js';
import { settings } from './settings.js';

/** A configuration as it may be printed: nested as it is, without secrets. */
export function shownConfig(config: GatewayConfig): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const { path, setting } of placedSettings(settings)) {
    const value = valueAt(config, path);
    // Topics have their prefix in their names already.
    if (value !== undefined) setAt(shown, path, setting.show(value));
  }
  return shown;
}

function valueAt(config: object, path: string): unknown {
  let value: unknown = config;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[name];
  return value;
}

/** Sets a value that stands at a path, with the sections above it. */
export function setAt(root: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? path;
  let section = root;
  for (const name of names) {
    section[name] ??= {};
    section = section[name] as Record<string, unknown>;
  }
  section[last] = value;
}
