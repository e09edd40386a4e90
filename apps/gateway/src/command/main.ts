import { Command } from 'commander';
import { createGateway } from '../composition/create-gateway.js';
import { readEnvironment, variables } from '../config/read-environment.js';

const program = new Command('naru').description('Carries live exchange data into Kafka.');

program
  .command('run')
  .description('Runs the gateway until it is told to stop (SIGTERM, SIGINT), then drains and exits with 0.')
  .addHelpText('after', () => `\nConfigured by the environment:\n${variableHelp()}`)
  .action(run);

await program.parseAsync().catch((error: Error) => {
  process.stderr.write(`naru: ${error.message}\n`);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  const gateway = await createGateway({ config: readEnvironment(process.env) });
  // One line for whoever started it; everything else is on stderr.
  const { kafka, registry, operations, embedded } = gateway;
  process.stdout.write(`${JSON.stringify({ event: 'ready', kafka, registry, operations, embedded })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  const delivered = await gateway.close();
  if (!delivered) throw new Error('Stopped before everything was delivered; the log says what was lost.');
}

function variableHelp(): string {
  const width = Math.max(...variables.map(({ name }) => name.length));
  return variables
    .map(
      ({ name, meaning, takes, default: value }) => `  ${name.padEnd(width)}  ${meaning}; ${takes} (default: ${value})`,
    )
    .join('\n');
}
