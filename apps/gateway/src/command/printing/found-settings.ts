import type { FoundSetting } from '../../config/read-config.js';

/** What was found of each setting by its path, without secrets. */
export function foundSettings(found: readonly FoundSetting[]): Record<string, { value: unknown; from: string }> {
  return Object.fromEntries(found.map(({ path, shown, from }) => [path, { value: shown ?? null, from }]));
}
