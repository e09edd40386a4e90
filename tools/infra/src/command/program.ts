import { Command } from 'commander';
import { infraDown } from '../infra-down.js';
import { type InfraStatus, infraStatus, serverAddresses } from '../infra-status.js';
import { infraUp } from '../infra-up.js';
import { infraPaths } from '../state/infra-paths.js';
import type { InfraState } from '../state/infra-state.js';
import { parseBrokers, parseMode } from './arguments.js';
import { createProgress } from './progress.js';

/** Exit codes of `status`: 0 up, 1 a server crashed or is silent, 3 nothing was started. */
const statusExitCodes: Record<InfraStatus['condition'], number> = { up: 0, degraded: 1, down: 3 };

export function createProgram(signal: AbortSignal): Command {
  const paths = infraPaths();
  const progress = createProgress();
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  const program = new Command('infra')
    .description('Real Kafka, Redis and a schema registry: containers where Docker answers, local processes elsewhere')
    .showHelpAfterError();

  program
    .command('up')
    .description('start what is not up yet, wait until it answers, print where it is')
    .option('--brokers <1|3>', 'Kafka brokers (default: as they run, or 1)')
    .option('--mode <auto|docker|local>', 'containers or processes', 'auto')
    .option('--json', 'print the state as JSON')
    .action(async (options: { brokers?: string; mode: string; json?: true }) => {
      const state = await infraUp({
        paths,
        brokers: options.brokers === undefined ? undefined : parseBrokers(options.brokers),
        mode: parseMode(options.mode),
        progress,
        signal,
      });
      print(options.json ? JSON.stringify(state, undefined, 2) : describeState(state));
    });

  program
    .command('down')
    .description('stop what "up" started; the data stays for the next "up"')
    .option('--wipe', 'delete the data too')
    .action(async (options: { wipe?: true }) => {
      const stopped = await infraDown({ paths, wipe: options.wipe ?? false, progress, signal });
      print(stopped ? 'stopped' : 'nothing was up');
    });

  program
    .command('status')
    .description('say what runs; exits 0 when all is up, 1 when a server crashed, 3 when nothing was started')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: true }) => {
      const status = await infraStatus(paths);
      print(options.json ? JSON.stringify(status, undefined, 2) : describeStatus(status));
      process.exitCode = statusExitCodes[status.condition];
    });

  return program;
}

/** Shell assignments, to be pasted or evaluated. */
export function describeState(state: InfraState): string {
  const assignments = [
    `export KAFKA_BROKERS=${state.kafka}`,
    `export REDIS_URL=${state.redis}`,
    `export SCHEMA_REGISTRY_URL=${state.registry}`,
  ];
  // Quoted, as the shell would expand its asterisk.
  if (state.kafkaClassPath)
    assignments.push(`export KAFKA_CLASS_PATH='${state.kafkaClassPath.replaceAll("'", "'\\''")}'`);
  return assignments.join('\n');
}

export function describeStatus(status: InfraStatus): string {
  if (status.state === undefined) return 'nothing is up; start it with "pnpm infra up"';
  const width = Math.max(...serverAddresses(status.state).map(({ name }) => name.length));
  return status.servers
    .map(({ name, condition, address, pid, log }) =>
      [name.padEnd(width), condition.padEnd(7), address, pid && `pid ${pid}`, log].filter(Boolean).join('  '),
    )
    .join('\n');
}
