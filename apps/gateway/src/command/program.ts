import { Command } from 'commander';
import { version } from '../version.js';
import { completionCommand } from './completion/completion.js';
import { CommandFailure, exitCodes } from './ending/command-failure.js';
import { type Interruption, uninterrupted } from './ending/interruption.js';
import { usageSentence } from './ending/usage-sentence.js';

type Commands = Readonly<Record<string, (interruption: Interruption) => Promise<Command>>>;

/**
 * Where each command is. Most need a good part of the packages: only what is asked for is loaded. Those that end in
 * order whenever they are told to take the signal before they are loaded.
 */
const commands: Commands = {
  dev: async ({ take }) => startWith(take(), async () => (await import('./commands/dev.js')).devCommand),
  run: async ({ take }) => startWith(take(), async () => (await import('./commands/run.js')).runCommand),
  check: async () => (await import('./commands/check.js')).checkCommand(),
  config: async () => (await import('./commands/config.js')).configCommand(),
  exchanges: async () => (await import('./commands/exchanges.js')).exchangesCommand(),
  connect: async () => (await import('./commands/connect.js')).connectCommand(),
  disconnect: async () => (await import('./commands/disconnect.js')).disconnectCommand(),
  streams: async (interruption) => (await import('./commands/streams.js')).streamsCommand(interruption),
  tap: async (interruption) => (await import('./commands/tap.js')).tapCommand(interruption),
  breaker: async (interruption) => (await import('./commands/breaker.js')).breakerCommand(interruption),
  dlq: async () => (await import('./commands/dlq.js')).dlqCommand(),
  parse: async () => (await import('./commands/parse.js')).parseCommand(),
  load: async ({ take }) => startWith(take(), async () => (await import('./commands/load.js')).loadCommand),
  asyncapi: async () => (await import('./commands/asyncapi.js')).asyncApiCommand(),
};

async function startWith(signal: AbortSignal, load: () => Promise<(signal: AbortSignal) => Command>): Promise<Command> {
  return (await load())(signal);
}

/**
 * The `naru` command with everything below it.
 *
 * @param only the one command to be there, where that is known; anything else leaves all of them
 */
export async function createProgram(only = '', interruption: Interruption = uninterrupted): Promise<Command> {
  const program = new Command('naru')
    .description('Carries live exchange data into Kafka.')
    .version(version())
    .addHelpText(
      'after',
      `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.usage} wrong use, ${exitCodes.unreachable} a server cannot be reached, ${exitCodes.interrupted} interrupted before it was done.\nWith --json an error is one JSON object on stderr: {"error":{"code","message","exit_code"}}.`,
    );
  const wanted = Object.hasOwn(commands, only) ? [only] : Object.keys(commands);
  for (const name of only === '--version' ? [] : wanted) program.addCommand(await commands[name]!(interruption));
  program.addCommand(completionCommand(program));
  tellWrongUse(program, []);
  return program;
}

/** Wrong use is an error like every other, with an exit code of its own; asking for help is none. */
function tellWrongUse(command: Command, above: readonly string[]): void {
  const path = [...above, command.name()];
  command.configureOutput({ outputError: () => {} });
  command.exitOverride((error) => {
    if (error.exitCode === 0) process.exit(exitCodes.done);
    throw new CommandFailure('usage', usageSentence(error, path.join(' ')), error);
  });
  for (const below of command.commands) tellWrongUse(below, path);
}
