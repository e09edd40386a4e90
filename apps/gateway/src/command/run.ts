import { Command } from 'commander';
import { createGateway } from '../composition/create-gateway.js';
import { readEnvironment } from '../config/read-environment.js';
import { CommandFailure } from './command-failure.js';
import { environmentHelp } from './environment-help.js';

export function runCommand(): Command {
  return new Command('run')
    .description('Runs the gateway until it is told to stop (SIGTERM, SIGINT), then drains and exits with 0.')
    .addHelpText('after', () => `\nConfigured by the environment:\n${environmentHelp()}`)
    .action(run);
}

async function run(): Promise<void> {
  const gateway = await createGateway({ config: readEnvironment(process.env) });
  // One line for whoever started it; everything else is on stderr.
  const { kafka, registry, operations, embedded } = gateway;
  process.stdout.write(`${JSON.stringify({ event: 'ready', kafka, registry, operations, embedded })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  if (!(await gateway.close())) {
    throw new CommandFailure('failed', 'Stopped before Kafka took everything; the log says what was lost.');
  }
}
