import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Top of the repository: this file is built to tools/first-run/dist. */
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What the first run starts. */
export const programs: Readonly<Record<'gateway' | 'infra', string>> = {
  gateway: join(root, 'apps/gateway/bin/naru.js'),
  infra: join(root, 'tools/infra/dist/main.js'),
};
