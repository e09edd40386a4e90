import { placedSettings } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

/** The settings as a table for a terminal. */
export function settingsHelp(): string {
  const placed = placedSettings(settings);
  const width = Math.max(...placed.map(({ setting }) => setting.env.length));
  const lines = placed.map(
    ({ path, setting: { env, meaning, takes, defaultText, fromFile } }) =>
      `  ${env.padEnd(width)}  ${meaning}; ${takes} (default: ${defaultText}; in YAML ${path}${fromFile ? '; or a file by _FILE' : ''})`,
  );
  return ['Configured by the environment, then by the YAML file of --config or NARU_CONFIG:', ...lines].join('\n');
}
