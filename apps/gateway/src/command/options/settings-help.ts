import type { Help } from 'commander';
import { placedSettings } from '../../config/setting.js';
import { settings } from '../../config/settings.js';

/** The settings as a table; with a width, wrapped to it. */
export function settingsHelp(helper?: Help): string {
  const placed = placedSettings(settings);
  const width = Math.max(...placed.map(({ setting }) => setting.env.length));
  const lines = placed.map(({ path, setting: { env, meaning, takes, defaultText, fromFile } }) => {
    const text = `${meaning}; ${takes} (default: ${defaultText}; in YAML ${path}${fromFile ? '; or a file by _FILE' : ''})`;
    return helper ? helper.formatItem(env, width, text, helper) : `  ${env.padEnd(width)}  ${text}`;
  });
  return ['Configured by the environment, then by the YAML file of --config or NARU_CONFIG:', ...lines].join('\n');
}
