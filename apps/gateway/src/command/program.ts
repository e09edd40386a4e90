import { Command } from 'commander';
import { completionCommand } from './completion/completion.js';
import { exitCodes } from './ending/command-failure.js';
import { version } from './version.js';

/** Where each command is. Most need a good part of the packages: only what is asked for is loaded. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  dev: async () => (await import('./commands/dev.js')).devCommand(),
  run: async () => (await import('./commands/run.js')).runCommand(),
  check: async () => (await import('./commands/check.js')).checkCommand(),
  config: async () => (await import('./commands/config.js')).configCommand(),
  exchanges: async () => (await import('./commands/exchanges.js')).exchangesCommand(),
  connect: async () => (await import('./commands/connect.js')).connectCommand(),
  disconnect: async () => (await import('./commands/disconnect.js')).disconnectCommand(),
  streams: async () => (await import('./commands/streams.js')).streamsCommand(),
  tap: async () => (await import('./commands/tap.js')).tapCommand(),
  breaker: async () => (await import('./commands/breaker.js')).breakerCommand(),
  dlq: async () => (await import('./commands/dlq.js')).dlqCommand(),
  parse: async () => (await import('./commands/parse.js')).parseCommand(),
  load: async () => (await import('./commands/load.js')).loadCommand(),
  asyncapi: async () => (await import('./commands/asyncapi.js')).asyncApiCommand(),
};

/**
 * The `naru` command with everything below it.
 *
 * @param only the one command to be there, where that is known; anything else leaves all of them
 */
export async function createProgram(only = ''): Promise<Command> {
  const program = new Command('naru')
    .description('Carries live exchange data into Kafka.')
    .version(version())
    .addHelpText(
      'after',
      `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.usage} wrong use, ${exitCodes.unreachable} a server cannot be reached.`,
    );
  const wanted = Object.hasOwn(commands, only) ? [only] : Object.keys(commands);
  for (const name of only === '--version' ? [] : wanted) program.addCommand(await commands[name]!());
  program.addCommand(completionCommand(program));
  useExitCode(program);
  return program;
}

/** Wrong use has its own exit code; asking for help is no error. */
function useExitCode(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage));
  for (const below of command.commands) useExitCode(below);
}
