import { Command } from 'commander';
import { asyncApiCommand } from './asyncapi.js';
import { breakerCommand } from './breaker.js';
import { checkCommand } from './check.js';
import { exitCodes } from './command-failure.js';
import { completionCommand } from './completion.js';
import { configCommand } from './config.js';
import { connectCommand } from './connect.js';
import { devCommand } from './dev.js';
import { disconnectCommand } from './disconnect.js';
import { dlqCommand } from './dlq.js';
import { exchangesCommand } from './exchanges.js';
import { loadCommand } from './load.js';
import { parseCommand } from './parse.js';
import { runCommand } from './run.js';
import { streamsCommand } from './streams.js';
import { tapCommand } from './tap.js';
import { version } from './version.js';

/** The `naru` command with everything below it. */
export function createProgram(): Command {
  const program = new Command('naru')
    .description('Carries live exchange data into Kafka.')
    .version(version())
    .addHelpText(
      'after',
      `\nExit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.usage} wrong use, ${exitCodes.unreachable} a server cannot be reached.`,
    );
  for (const command of [
    devCommand(),
    runCommand(),
    checkCommand(),
    configCommand(),
    exchangesCommand(),
    connectCommand(),
    disconnectCommand(),
    streamsCommand(),
    tapCommand(),
    breakerCommand(),
    dlqCommand(),
    parseCommand(),
    loadCommand(),
    asyncApiCommand(),
  ]) {
    program.addCommand(command);
  }
  program.addCommand(completionCommand(program));
  useExitCode(program);
  return program;
}

/** Wrong use has its own exit code; asking for help is no error. */
function useExitCode(command: Command): void {
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.usage));
  for (const below of command.commands) useExitCode(below);
}
