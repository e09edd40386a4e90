import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { placedSettings } from './setting.js';
import { settings } from './settings.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** What readers of the gateway read. That every setting is among it, the table of its README is tested for. */
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'apps/gateway/README.md',
  ...['docs', 'docs/decisions'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`)),
].filter((path) => path.endsWith('.md'));

/** Read by `naru` and no setting of the gateway. */
const others = ['NARU_CONFIG', 'NARU_OPERATIONS_URL'];

test.each(documents)('%s names no variable that nothing reads', (path) => {
  const known = new Set([
    ...others,
    ...placedSettings(settings).flatMap(({ setting: { env } }) => [env, `${env}_FILE`]),
  ]);
  const named = readFileSync(join(root, path), 'utf8').match(/\b(?:NARU|KAFKA|REDIS|SCHEMA_REGISTRY)_[A-Z_]*[A-Z]\b/g);
  expect((named ?? []).filter((name) => !known.has(name))).toEqual([]);
});
