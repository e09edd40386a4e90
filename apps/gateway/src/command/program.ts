import { Command } from 'commander';
import { checkCommand } from './check.js';
import { exitCodes } from './command-failure.js';
import { connectCommand } from './connect.js';
import { disconnectCommand } from './disconnect.js';
import { exchangesCommand } from './exchanges.js';
import { loadCommand } from './load.js';
import { parseCommand } from './parse.js';
import { runCommand } from './run.js';
import { streamsCommand } from './streams.js';
import { tapCommand } from './tap.js';

/** The `naru` command with everything below it. */
export function createProgram(): Command {
  const program = new Command('naru')
    .description('Carries live exchange data into Kafka.')
    .addHelpText(
      'after',
      `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.usage} wrong use, ${exitCodes.unreachable} a server cannot be reached.`,
    );
  for (const command of [
    runCommand(),
    checkCommand(),
    exchangesCommand(),
    connectCommand(),
    disconnectCommand(),
    streamsCommand(),
    tapCommand(),
    parseCommand(),
    loadCommand(),
  ]) {
    program.addCommand(command);
  }
  useExitCode(program);
  return program;
}

/** Wrong use has its own exit code; asking for help is no error. */
function useExitCode(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage));
  for (const below of command.commands) useExitCode(below);
}
