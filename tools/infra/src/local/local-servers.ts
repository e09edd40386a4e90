import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '../command/progress.js';
import { kafkaAnswers } from '../health/kafka-answers.js';
import { redisAnswers } from '../health/redis-answers.js';
import { registryAnswers } from '../health/registry-answers.js';
import type { InfraPaths } from '../state/infra-paths.js';
import { type InfraState, type ServerProcess, writeState } from '../state/infra-state.js';
import { areDownloaded, download, downloadFolders, registryJar } from './downloads.js';
import { freePorts } from './free-ports.js';
import { log4jProperties, planBrokers, renderServerProperties } from './kafka-config.js';
import { formatBrokers } from './kafka-format.js';
import { findPrograms } from './prerequisites.js';
import { awaitServers, launchServer, type ServerPlan } from './server-launch.js';
import { stopServers } from './server-stop.js';

export interface LocalOptions {
  readonly paths: InfraPaths;
  readonly brokers: 1 | 3;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Starts Kafka, Redis and the registry as processes of this machine. On failure nothing that was started stays. */
export async function startLocalServers(options: LocalOptions): Promise<InfraState> {
  const { paths, progress, signal } = options;
  const programs = await findPrograms({ downloads: !areDownloaded(downloadFolders(paths)), signal });
  const folders = await download(paths, progress, signal);
  const kafkaClassPath = join(folders.kafka, '*');

  const [redisPort, registryPort, ...kafkaPorts] = await freePorts(2 + 2 * options.brokers);
  const kafkaData = join(paths.data, `kafka-${options.brokers}`);
  const brokers = planBrokers(kafkaData, kafkaPorts);
  const log4j = join(paths.config, 'log4j2.properties');
  const propertiesOf = (broker: { readonly nodeId: number }): string =>
    join(paths.config, `kafka-${broker.nodeId}.properties`);
  await mkdir(paths.config, { recursive: true });
  await writeFile(log4j, log4jProperties);
  for (const broker of brokers) await writeFile(propertiesOf(broker), renderServerProperties(broker, brokers));

  const logOf = (name: string): string => join(paths.logs, `${name}.log`);
  const heap = options.brokers === 1 ? 768 : 512;
  const kafkaPlans = brokers.map((broker): ServerPlan => {
    const name = `kafka-${broker.nodeId}`;
    return {
      name,
      program: programs.java,
      args: [`-Xmx${heap}m`, '-Xms256m', `-Dlog4j2.configurationFile=${log4j}`, '-Dnaru.infra=kafka'].concat([
        '-cp',
        kafkaClassPath,
        'kafka.Kafka',
        propertiesOf(broker),
      ]),
      port: broker.port,
      log: logOf(name),
      directory: kafkaData,
    };
  });
  const redisPlan: ServerPlan = {
    name: 'redis',
    program: programs.redis,
    args: ['--port', String(redisPort), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    port: redisPort!,
    log: logOf('redis'),
    directory: join(paths.data, 'redis'),
  };
  const registryPlan: ServerPlan = {
    name: 'registry',
    program: programs.java,
    args: [
      '-Xmx384m',
      '-Dquarkus.http.host=127.0.0.1',
      `-Dquarkus.http.port=${registryPort}`,
      '-Dquarkus.http.access-log.enabled=false',
      '-Dquarkus.log.level=WARN',
      // A registry that many test runs have used lists more subjects than the thousand it shows by default.
      '-Dapicurio.ccompat.max-subjects=100000',
      `-Dapicurio.datasource.url=jdbc:h2:file:${join(paths.data, 'registry', 'registry')}`,
      '-jar',
      await registryJar(folders.registry),
    ],
    port: registryPort!,
    log: logOf('registry'),
    directory: join(paths.data, 'registry'),
  };

  const state = {
    mode: 'local',
    brokers: options.brokers,
    kafka: brokers.map((broker) => `127.0.0.1:${broker.port}`).join(','),
    redis: `redis://127.0.0.1:${redisPort}`,
    registry: `http://127.0.0.1:${registryPort}/apis/ccompat/v7`,
    kafkaClassPath,
  } as const;
  const processes: ServerProcess[] = [];
  // Recorded as they start: if this process is killed, the next `up` or `down` finds them.
  const launch = async (plan: ServerPlan): Promise<ServerProcess> => {
    const server = await launchServer(plan);
    processes.push(server);
    return server;
  };
  const record = (): Promise<void> => writeState(paths.starting, { ...state, processes });
  const failure = new AbortController();
  const waiting = { progress, signal: AbortSignal.any([signal, failure.signal]) };
  try {
    const redis = await launch(redisPlan);
    const registry = await launch(registryPlan);
    await record();
    const work = [
      awaitServers('Redis', [redis], () => redisAnswers(state.redis), waiting),
      awaitServers('the registry', [registry], () => registryAnswers(state.registry), waiting),
      (async () => {
        await formatBrokers({
          java: programs.java,
          classPath: kafkaClassPath,
          dataDirectory: kafkaData,
          brokers,
          propertiesOf,
          signal: waiting.signal,
        });
        const servers: ServerProcess[] = [];
        for (const plan of kafkaPlans) servers.push(await launch(plan));
        await record();
        await awaitServers('Kafka', servers, () => kafkaAnswers(state.kafka, brokers.length), waiting);
      })(),
    ];
    await Promise.all(work).catch(async (error) => {
      failure.abort();
      await Promise.allSettled(work);
      throw error;
    });
    return { ...state, processes };
  } catch (error) {
    await stopServers(processes);
    throw error;
  }
}
