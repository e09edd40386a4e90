import { placedSettings } from './setting.js';
import { settings } from './settings.js';

/** The settings as the README shows them. */
export function settingsMarkdown(): string {
  const rows = placedSettings(settings).map(({ path, setting }) => {
    const variable = `\`${setting.env}\`${setting.fromFile ? ' ᶠ' : ''}`;
    const takes = setting.takes.replaceAll('|', '\\|');
    return `| ${variable} | \`${path}\` | ${setting.meaning} | ${takes} | ${setting.defaultText} |`;
  });
  return ['| variable | in the file | sets | takes | default |', '|---|---|---|---|---|', ...rows].join('\n');
}
