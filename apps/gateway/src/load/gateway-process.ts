import { fileURLToPath } from 'node:url';
import { CommandFailure } from '../command/command-failure.js';
import { startChild } from './child.js';
import type { GatewayAnswer, GatewayFigures, GatewayQuestion, TargetAccounts } from './gateway-figures.js';

/** The gateway under load, in a process of its own. */
export interface GatewayProcess extends AsyncDisposable {
  readonly brokers: readonly string[];
  readonly registry: string;
  figures(): Promise<GatewayFigures>;
  targets(): Promise<readonly TargetAccounts[]>;
  /** Latency counts from here on. */
  mark(): Promise<void>;
  /** Stops it; whether it delivered everything. */
  stop(): Promise<boolean>;
}

export interface GatewayProcessOptions {
  readonly brokers: readonly string[];
  readonly registry: string | undefined;
  /** Put before every topic of the run. */
  readonly topicPrefix: string;
  readonly simulatorHost: string;
  readonly profile: string | undefined;
}

const script = fileURLToPath(new URL('./gateway-main.js', import.meta.url));
const answerWithinMs = 60_000;

/**
 * What the environment sets for another gateway. The rest of its settings count here too, such as batches and buffers.
 * Redis does not: connection state of real streams may live there.
 */
const isForeign = /^(REDIS_|NARU_TOPIC_(?!PARTITIONS|REPLICATION)|NARU_CONFIG$|NARU_SPOOL_)/;

export async function startGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { brokers, registry, topicPrefix, simulatorHost, profile } = options;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isForeign.test(name)));
  const child = await startChild({
    name: 'gateway',
    args: [...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]), script],
    env: {
      ...environment,
      KAFKA_BROKERS: brokers.join(','),
      SCHEMA_REGISTRY_URL: registry ?? '',
      NARU_TOPIC_PREFIX: topicPrefix,
      NARU_GROUP_ID: `${topicPrefix}gateway`,
      NARU_ALLOWED_HOSTS: simulatorHost,
      NARU_ALLOW_PRIVATE_ADDRESSES: 'true',
      NARU_OPERATIONS_PORT: '0',
      NARU_LOG_LEVEL: 'warn',
    },
    ipc: true,
  });
  const ready = JSON.parse(child.readyLine) as { readonly kafka: readonly string[]; readonly registry: string };

  let lastId = 0;
  const waiting = new Map<number, (answer: GatewayAnswer['answer'] | Error) => void>();
  child.process.on('message', ({ id, answer }: GatewayAnswer) => waiting.get(id)?.(answer));
  child.process.once('exit', (code) => {
    for (const settle of waiting.values()) settle(new CommandFailure('failed', `The gateway ended with ${code}.`));
  });
  const ask = (question: GatewayQuestion['ask']): Promise<GatewayAnswer['answer']> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      const id = lastId;
      const timer = setTimeout(
        () =>
          waiting.get(id)?.(new CommandFailure('failed', 'The gateway does not answer: its event loop is blocked.')),
        answerWithinMs,
      );
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      });
      child.process.send({ id, ask: question } satisfies GatewayQuestion);
    });

  return {
    brokers: ready.kafka,
    registry: ready.registry,
    figures: () => ask('figures') as Promise<GatewayFigures>,
    targets: () => ask('targets') as Promise<readonly TargetAccounts[]>,
    mark: async () => void (await ask('mark')),
    stop: async () => (await child.stop()) === 0,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
