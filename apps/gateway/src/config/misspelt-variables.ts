import { nearestName } from './nearest-name.js';
import type { Environment } from './read-config.js';
import { placedSettings } from './setting.js';
import { settings } from './settings.js';

const known = [
  'NARU_CONFIG',
  ...placedSettings(settings).flatMap(({ setting: { env, fromFile } }) => (fromFile ? [env, `${env}_FILE`] : [env])),
];

/** What is in an environment for another purpose may look a little like ours: beyond our own prefix, less is allowed. */
const maxEditsOfOthers = 2;

/**
 * Variables that are nobody's and look like one of ours, each as a sentence. They are no problem, since an environment
 * is shared: Kubernetes alone adds `NARU_PORT` for a service of that name.
 */
export function misspeltVariables(environment: Environment): string[] {
  return Object.keys(environment).flatMap((name) => {
    if (known.includes(name) || !/^(?:NARU|KAFKA|REDIS|SCHEMA_REGISTRY)_/.test(name)) return [];
    const nearest = nearestName(name, known, name.startsWith('NARU_') ? undefined : maxEditsOfOthers);
    return nearest === undefined ? [] : [`${name} is not read; is ${nearest} meant?`];
  });
}
