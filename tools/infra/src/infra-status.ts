import { runningServices } from './docker/docker-servers.js';
import { kafkaAnswers } from './health/kafka-answers.js';
import { redisAnswers } from './health/redis-answers.js';
import { registryAnswers } from './health/registry-answers.js';
import { isSameProcess } from './process/process-identity.js';
import type { InfraPaths } from './state/infra-paths.js';
import { type InfraState, readState } from './state/infra-state.js';

export interface ServerStatus {
  readonly name: string;
  /** `up` runs and answers, `silent` runs without answering, `crashed` is gone although nobody stopped it. */
  readonly condition: 'up' | 'silent' | 'crashed';
  readonly address: string;
  readonly pid?: number;
  readonly log?: string;
}

export interface InfraStatus {
  /** `down` when nothing was started, `degraded` when a server crashed or does not answer. */
  readonly condition: 'up' | 'degraded' | 'down';
  readonly servers: readonly ServerStatus[];
  readonly state?: InfraState;
}

/** Looks at every server that `up` recorded: is its process still that process, and does it answer? */
export async function infraStatus(paths: InfraPaths): Promise<InfraStatus> {
  const state = await readState(paths.state);
  if (state === undefined) return { condition: 'down', servers: [] };
  const running = await runningNames(paths, state);
  const answering = await answeringNames(state);
  const servers = serverAddresses(state).map(({ name, address }): ServerStatus => {
    const process = state.processes.find((each) => each.name === name);
    const condition = !running.has(name) ? 'crashed' : answering.has(name) ? 'up' : 'silent';
    return { name, condition, address, pid: process?.pid, log: process?.log };
  });
  const condition = servers.every((server) => server.condition === 'up') ? 'up' : 'degraded';
  return { condition, servers, state };
}

export function serverAddresses(state: InfraState): { readonly name: string; readonly address: string }[] {
  return [
    ...state.kafka.split(',').map((address, index) => ({ name: `kafka-${index + 1}`, address })),
    { name: 'redis', address: state.redis },
    { name: 'registry', address: state.registry },
  ];
}

async function runningNames(paths: InfraPaths, state: InfraState): Promise<Set<string>> {
  if (state.composeProject !== undefined) return runningServices(paths, state.composeProject);
  const alive = await Promise.all(state.processes.map(isSameProcess));
  return new Set(state.processes.filter((_, index) => alive[index]).map((each) => each.name));
}

async function answeringNames(state: InfraState): Promise<Set<string>> {
  const questions = serverAddresses(state).map(async ({ name, address }) => {
    const answers =
      name === 'redis'
        ? await redisAnswers(address)
        : name === 'registry'
          ? await registryAnswers(address)
          : // One broker answers for itself; the absence of another is told of that one.
            await kafkaAnswers(address, 1);
    return answers ? [name] : [];
  });
  return new Set((await Promise.all(questions)).flat());
}
