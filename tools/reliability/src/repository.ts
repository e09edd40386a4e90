import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Top of the repository: this file is in tools/reliability, in src or in dist. */
export const repository: string = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** What the courses start. */
export const programs: Readonly<Record<'gateway' | 'simulator' | 'infra', string>> = {
  gateway: join(repository, 'apps/gateway/bin/naru.js'),
  simulator: join(repository, 'apps/exchange-simulator/bin/exchange-simulator.js'),
  infra: join(repository, 'tools/infra/dist/main.js'),
};
