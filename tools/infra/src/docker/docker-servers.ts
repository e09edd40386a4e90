import { join } from 'node:path';
import type { Progress } from '../command/progress.js';
import { kafkaAnswers } from '../health/kafka-answers.js';
import { redisAnswers } from '../health/redis-answers.js';
import { registryAnswers } from '../health/registry-answers.js';
import { InfraError } from '../infra-error.js';
import { freePorts } from '../local/free-ports.js';
import { type CommandResult, runCommand } from '../process/run-command.js';
import { waitUntil } from '../process/wait-until.js';
import type { InfraPaths } from '../state/infra-paths.js';
import { type InfraState, writeState } from '../state/infra-state.js';
import { composeEnvironment, composeProject } from './compose-environment.js';

export interface DockerOptions {
  readonly paths: InfraPaths;
  readonly brokers: 1 | 3;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Starts the containers of `compose.yaml` and waits until they answer. On failure none of them stays. */
export async function startDockerServers(options: DockerOptions): Promise<InfraState> {
  const { paths, brokers, progress, signal } = options;
  const project = composeProject(paths.directory);
  const [redisPort, registryPort, ...kafkaPorts] = await freePorts(2 + brokers);
  const environment = composeEnvironment({
    brokers,
    kafkaPorts,
    redisPort: redisPort!,
    registryPort: registryPort!,
  });
  const state: InfraState = {
    mode: 'docker',
    brokers,
    kafka: kafkaPorts.map((port) => `127.0.0.1:${port}`).join(','),
    redis: `redis://127.0.0.1:${redisPort}`,
    registry: `http://127.0.0.1:${registryPort}/apis/ccompat/v7`,
    processes: [],
    composeProject: project,
  };
  await writeState(paths.starting, state);
  try {
    await progress.step('docker compose up', async () => {
      const result = await compose(paths, project, ['up', '--detach', '--remove-orphans'], environment, signal);
      signal.throwIfAborted();
      if (result.code !== 0) throw dockerFailure('up', result);
    });
    await progress.step(
      `wait for the containers on ports ${kafkaPorts.join(', ')}, ${redisPort}, ${registryPort}`,
      async () => {
        const answers = await Promise.all([
          waitUntil(() => kafkaAnswers(state.kafka, brokers), { signal }),
          waitUntil(() => redisAnswers(state.redis), { signal }),
          waitUntil(() => registryAnswers(state.registry), { signal }),
        ]);
        const silent = ['Kafka', 'Redis', 'the registry'].filter((_, index) => !answers[index]);
        if (silent.length > 0) {
          const { output } = await compose(paths, project, ['logs', '--tail', '10'], {});
          throw new InfraError('start_timeout', `${silent.join(' and ')} did not answer within 120 s:\n${output}`);
        }
      },
    );
    return state;
  } catch (error) {
    // The first failure is the one to tell; what a failed removal leaves, the next `down` removes.
    await stopDockerServers(paths, project, { wipe: false }).catch(() => {});
    throw error;
  }
}

/** Removes the project's containers; its volumes, which hold the data, only with `wipe`. */
export async function stopDockerServers(
  paths: InfraPaths,
  project: string,
  options: { readonly wipe: boolean },
): Promise<void> {
  const volumes = options.wipe ? ['--volumes'] : [];
  const profiles = { COMPOSE_PROFILES: 'three-brokers' };
  const result = await compose(paths, project, ['down', '--remove-orphans', ...volumes], profiles);
  if (result.code !== 0) throw dockerFailure('down', result);
}

/** Each running container of the project by its service's name. */
export async function runningServices(paths: InfraPaths, project: string): Promise<Set<string>> {
  const result = await compose(paths, project, ['ps', '--services', '--status', 'running'], {});
  if (result.code !== 0) throw dockerFailure('ps', result);
  return new Set(
    result.output
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  );
}

function compose(
  paths: InfraPaths,
  project: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<CommandResult> {
  const file = join(paths.repository, 'compose.yaml');
  return runCommand('docker', ['compose', '--project-name', project, '--file', file, ...args], {
    env: { ...process.env, ...environment },
    signal,
  });
}

function dockerFailure(action: string, result: CommandResult): InfraError {
  const tail = result.output.trim().split('\n').slice(-12).join('\n');
  return new InfraError(
    'docker_failed',
    `"docker compose ${action}" failed:\n${tail}\nMend Docker, or use local processes with "pnpm infra up --mode local".`,
  );
}
