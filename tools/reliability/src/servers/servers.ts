import { execFile, execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { infraPaths, readState } from '@naru/infra';
import { endAtExit } from '../left-over.js';
import { programs } from '../repository.js';
import { Server } from './server.js';

const run = promisify(execFile);

/** Kafka, Redis and the registry, of this run alone. */
export interface Servers extends AsyncDisposable {
  readonly kafka: readonly string[];
  readonly env: Readonly<Record<'KAFKA_BROKERS' | 'REDIS_URL' | 'SCHEMA_REGISTRY_URL', string>>;
  readonly broker: Server;
  readonly redis: Server;
  readonly registry: Server;
}

/** Starts them through the infrastructure tool, with a folder of their own, and finds their processes. */
export async function startServers(): Promise<Servers> {
  const directory = await mkdtemp(join(tmpdir(), 'naru-reliability-'));
  const env = { ...process.env, NARU_INFRA_DIR: directory };
  const infra = (...args: string[]) => run(process.execPath, [programs.infra, ...args], { env, maxBuffer: 1 << 24 });
  const ended = endAtExit(() => {
    execFileSync(process.execPath, [programs.infra, 'down', '--wipe'], { env, stdio: 'ignore' });
    rmSync(directory, { recursive: true, force: true });
  });
  const close = async (servers: readonly Server[]): Promise<void> => {
    for (const server of servers) await server.close();
    await infra('down', '--wipe');
    await rm(directory, { recursive: true, force: true });
    ended();
  };
  try {
    await infra('up', '--brokers', '1', '--mode', 'local', '--json');
    const state = await readState(infraPaths(env).state);
    const find = (name: string): Server => {
      const found = state?.processes.find((process) => process.name === name);
      if (!found) throw new Error(`The infrastructure tool started no ${name}.`);
      return new Server(found, directory);
    };
    const [broker, redis, registry] = [find('kafka-1'), find('redis'), find('registry')];
    const { kafka = '', redis: redisUrl = '', registry: registryUrl = '' } = state ?? {};
    return {
      kafka: kafka.split(','),
      env: { KAFKA_BROKERS: kafka, REDIS_URL: redisUrl, SCHEMA_REGISTRY_URL: registryUrl },
      broker,
      redis,
      registry,
      [Symbol.asyncDispose]: () => close([broker, redis, registry]),
    };
  } catch (error) {
    await close([]);
    throw error;
  }
}
