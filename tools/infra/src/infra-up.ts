import type { Mode } from './command/arguments.js';
import type { Progress } from './command/progress.js';
import { dockerAnswers } from './docker/docker-engine.js';
import { startDockerServers } from './docker/docker-servers.js';
import { stopRecorded } from './infra-down.js';
import { InfraError } from './infra-error.js';
import { infraStatus } from './infra-status.js';
import { startLocalServers } from './local/local-servers.js';
import { withLock } from './state/exclusive-lock.js';
import type { InfraPaths } from './state/infra-paths.js';
import { type InfraState, removeState, writeState } from './state/infra-state.js';

export interface UpOptions {
  readonly paths: InfraPaths;
  /** Undefined takes what runs already, or one. */
  readonly brokers?: 1 | 3;
  readonly mode: Mode;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Brings everything up and says where it is. What is up already stays; what crashed is started again with its data. */
export function infraUp(options: UpOptions): Promise<InfraState> {
  const { paths, progress, signal } = options;
  return withLock(paths.lock, progress, signal, async () => {
    const status = await infraStatus(paths);
    const runs = status.state?.brokers;
    if (status.condition === 'up' && status.state) {
      if (options.brokers !== undefined && options.brokers !== runs) {
        throw new InfraError(
          'already_running',
          `${runs} broker(s) run already, ${options.brokers} are asked for. Run "pnpm infra down" first.`,
        );
      }
      return status.state;
    }
    const ill = status.servers.filter((server) => server.condition !== 'up');
    if (ill.length > 0) {
      progress.say(
        `${ill.map((server) => `${server.name} ${server.condition}`).join(', ')}: starting everything again`,
      );
    }
    await stopRecorded(paths);

    const start = { paths, brokers: options.brokers ?? runs ?? 1, progress, signal };
    const docker = options.mode !== 'local' && (await dockerAnswers(signal));
    if (options.mode === 'docker' && !docker) {
      throw new InfraError(
        'docker_failed',
        'No Docker engine with the compose plugin answers. Start it, or use local processes with --mode local.',
      );
    }
    try {
      const state = docker ? await startDockerServers(start) : await startLocalServers(start);
      await writeState(paths.state, state);
      return state;
    } catch (error) {
      if (signal.aborted) throw new InfraError('interrupted', 'Interrupted. Nothing that was started stays.', error);
      throw error;
    } finally {
      await removeState(paths.starting);
    }
  });
}
