import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Every place on disk that the tool touches. */
export interface InfraPaths {
  /** The checkout, where `compose.yaml` lies. */
  readonly repository: string;
  /** State, data and logs: `.infra` in the checkout, or `NARU_INFRA_DIR`. */
  readonly directory: string;
  /** Downloads, shared by every checkout of a user: `NARU_CACHE_DIR`, or `naru` in the user's cache folder. */
  readonly cache: string;
  readonly state: string;
  readonly starting: string;
  readonly lock: string;
  readonly data: string;
  readonly logs: string;
  readonly config: string;
}

export function infraPaths(environment: NodeJS.ProcessEnv = process.env): InfraPaths {
  const repository = fileURLToPath(new URL('../../../..', import.meta.url)).replace(/[/\\]$/, '');
  const directory = resolve(repository, environment.NARU_INFRA_DIR || '.infra');
  const cache = environment.NARU_CACHE_DIR || join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'naru');
  return {
    repository,
    directory,
    cache: resolve(cache),
    state: join(directory, 'state.json'),
    starting: join(directory, 'starting.json'),
    lock: join(directory, 'lock'),
    data: join(directory, 'data'),
    logs: join(directory, 'logs'),
    config: join(directory, 'config'),
  };
}
