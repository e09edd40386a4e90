import { once } from 'node:events';
import { Command, type Help } from 'commander';
import { createGateway, type Gateway, type GatewayOptions } from '../../composition/create-gateway.js';
import { misspeltVariables } from '../../config/misspelt-variables.js';
import { readConfig } from '../../config/read-config.js';
import { GatewayError } from '../../gateway-error.js';
import { createJsonLogger } from '../../logging.js';
import { CommandFailure } from '../ending/command-failure.js';
import { examples } from '../options/examples.js';
import { settingsHelp } from '../options/settings-help.js';

/** For the last lines of the log. */
const lastWordMs = 500;

interface RunOptions {
  readonly config?: string;
  readonly json: boolean;
}

const runExamples = [
  'naru run',
  'KAFKA_BROKERS=kafka-1:9092 SCHEMA_REGISTRY_URL=http://registry:8081 REDIS_URL=redis://cache:6379 naru run',
  'naru run --config gateway.yaml',
];

/** @param signal ends the gateway, also while it starts */
export function runCommand(signal: AbortSignal): Command {
  return new Command('run')
    .description('Runs the gateway until it is told to stop (SIGTERM, SIGINT), then drains and exits with 0.')
    .option('--config <file>', 'YAML file with settings; the environment wins over it')
    .option('--json', 'also the outcome as one JSON object on the last line of stdout', false)
    .addHelpText('after', ({ command }) => `${examples(...runExamples)}\n\n${settingsHelp(helperOf(command))}`)
    .action((options: RunOptions) => run(options, signal));
}

/** Wraps as commander wraps the options, on a terminal. */
function helperOf(command: Command): Help | undefined {
  const { columns: helpWidth } = process.stdout;
  if (!helpWidth) return undefined;
  const helper = command.createHelp();
  helper.prepareContext({ helpWidth });
  return helper;
}

async function run({ config: file, json }: RunOptions, signal: AbortSignal): Promise<void> {
  const config = readConfig({ environment: process.env, file });
  const logger = createJsonLogger(config.logLevel);
  for (const sentence of misspeltVariables(process.env)) logger.warn(sentence);
  const gateway = await startGateway({ config, overrides: { logger } }, signal);
  if (!gateway) {
    logger.info('stopped before it was ready');
    if (json) print({ event: 'stopped', ready: false, lossless: true });
    return;
  }
  // One line for whoever started it; everything else is on stderr.
  const { kafka, registry, operations, embedded } = gateway;
  // A gateway runs on when nobody reads that line.
  process.stdout.removeAllListeners('error').on('error', () => {});
  print({ event: 'ready', kafka, registry, operations, embedded });
  if (!signal.aborted) await once(signal, 'abort');
  const lossless = await gateway.close();
  if (json) {
    const { received, acknowledged, conflated, dropped, buffered } = gateway.totals();
    const accounts = { received, acknowledged, conflated, dropped, buffered };
    print({ event: 'stopped', ready: true, lossless, ...accounts });
  }
  exitSoon();
  if (!lossless) {
    throw new CommandFailure('failed', 'Stopped before Kafka took everything; the log says what was lost.');
  }
}

/** Undefined when it was told to stop before it was ready. */
async function startGateway(options: GatewayOptions, signal: AbortSignal): Promise<Gateway | undefined> {
  try {
    return await createGateway({ ...options, signal });
  } catch (error) {
    exitSoon();
    if (error instanceof GatewayError && error.code === 'start_aborted') return undefined;
    throw error;
  }
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** What did not close within the deadline must not keep the process alive. */
function exitSoon(): void {
  setTimeout(() => process.exit(), lastWordMs).unref();
}
