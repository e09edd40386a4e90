import { fileURLToPath } from 'node:url';
import { CommandFailure } from '../command/ending/command-failure.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { startChild } from '../processes/child.js';
import {
  configIsSent,
  type GatewayAnswer,
  type GatewayFigures,
  type GatewayQuestion,
  type TargetAccounts,
} from './gateway-figures.js';

/** The gateway under load, in a process of its own. */
export interface GatewayProcess extends AsyncDisposable {
  /** Address of its registry, also when it is embedded. */
  readonly registry: string;
  figures(): Promise<GatewayFigures>;
  targets(): Promise<readonly TargetAccounts[]>;
  /** Latency counts from here on. */
  mark(): Promise<void>;
  /** Stops it; whether it delivered everything. */
  stop(): Promise<boolean>;
}

export interface GatewayProcessOptions {
  readonly config: GatewayConfig;
  /** Folder for a processor profile. */
  readonly profile: string | undefined;
}

const script = fileURLToPath(new URL('./gateway-main.js', import.meta.url));
const answerWithinMs = 60_000;

export async function startGateway(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { config, profile } = options;
  const child = await startChild({
    name: 'gateway',
    args: [...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]), script, configIsSent],
    // Not by its environment: secrets of files would stand there for whoever looks.
    message: config,
  });
  const ready = JSON.parse(child.readyLine) as { readonly registry: string };

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
    registry: ready.registry,
    figures: () => ask('figures') as Promise<GatewayFigures>,
    targets: () => ask('targets') as Promise<readonly TargetAccounts[]>,
    mark: async () => void (await ask('mark')),
    stop: async () => (await child.stop()) === 0,
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
