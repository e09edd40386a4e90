import { rm } from 'node:fs/promises';
import type { Progress } from './command/progress.js';
import { stopDockerServers } from './docker/docker-servers.js';
import { stopServers } from './local/server-stop.js';
import { withLock } from './state/exclusive-lock.js';
import type { InfraPaths } from './state/infra-paths.js';
import { readState, removeState } from './state/infra-state.js';

export interface DownOptions {
  readonly paths: InfraPaths;
  /** Delete the data of Kafka and the registry as well. Logs stay. */
  readonly wipe: boolean;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Stops what `up` started. True when there was something to stop. */
export function infraDown(options: DownOptions): Promise<boolean> {
  const { paths, progress, signal, wipe } = options;
  return withLock(paths.lock, progress, signal, async () => {
    const stopped = await stopRecorded(paths, wipe);
    if (wipe) await rm(paths.data, { recursive: true, force: true });
    return stopped;
  });
}

/** Stops the servers of the last `up` and those of an `up` that was killed half-way. The caller holds the lock. */
export async function stopRecorded(paths: InfraPaths, wipe = false): Promise<boolean> {
  let stopped = false;
  for (const path of [paths.starting, paths.state]) {
    const state = await readState(path);
    if (state === undefined) continue;
    if (state.composeProject !== undefined) await stopDockerServers(paths, state.composeProject, { wipe });
    await stopServers(state.processes);
    await removeState(path);
    stopped = true;
  }
  return stopped;
}
