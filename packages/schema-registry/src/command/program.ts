import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { SchemaRegistryError, type SchemaRegistryErrorCode } from '../registry-error.js';
import { check } from './check.js';
import { type CommandIo, type CommandResult, type ExitCode, exitCodes } from './command-io.js';
import { diff } from './diff.js';
import { list } from './list.js';
import { register } from './register.js';
import { types } from './types.js';

const unreachable: ReadonlySet<SchemaRegistryErrorCode> = new Set<SchemaRegistryErrorCode>([
  'unreachable',
  'timeout',
  'server_error',
  'rate_limited',
  'unauthorized',
  'forbidden',
  'invalid_response',
  'response_too_large',
]);

/** Runs `naru-schemas` with arguments as the shell gives them, the program's name left out. */
export async function runSchemasCommand(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  let result: CommandResult | undefined;
  const program = createProgram(io, (found) => (result = found));
  // Also when the arguments are wrong, so that machines need not read prose.
  const json = args.includes('--json');
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    return reportError(error, json, io);
  }
  if (!result) return exitCodes.fine;
  io.out(json ? JSON.stringify(result.json) : result.lines.join('\n'));
  return result.exitCode;
}

function reportError(error: unknown, json: boolean, io: CommandIo): ExitCode {
  if (error instanceof CommanderError) {
    // Help that was asked for is no error; commander has printed either.
    if (error.exitCode === 0) return exitCodes.fine;
    if (json) io.out(JSON.stringify({ error: { code: 'usage', message: error.message } }));
    return exitCodes.usage;
  }
  if (!(error instanceof SchemaRegistryError)) throw error;
  const { code, message, problems } = error;
  if (json) io.out(JSON.stringify({ error: { code, message, problems } }));
  else io.err(message);
  if (code === 'incompatible' || code === 'preflight_failed') return exitCodes.incompatible;
  return unreachable.has(code) ? exitCodes.unreachable : exitCodes.usage;
}

function createProgram(io: CommandIo, done: (result: CommandResult) => void): Command {
  const program = new Command('naru-schemas')
    .description('Checks, registers and compares a directory of Avro schemas, and generates types from it.')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
    .addHelpText(
      'after',
      '\nExit codes: 0 fine, 1 incompatible or out of date, 2 usage, 3 the registry cannot be asked.',
    );

  /** A command with the options that all have; commands that ask a registry have more. */
  const add = <T extends object>(
    name: string,
    description: string,
    asksRegistry: boolean,
    run: (options: T & { cwd: string }) => Promise<CommandResult>,
  ): Command => {
    const command = program
      .command(name)
      .description(description)
      .option('--dir <directory>', 'directory with schemas.json', 'schemas')
      .option('--json', 'print one JSON object');
    if (asksRegistry) {
      command
        .option('--token-file <file>', 'file with a bearer token for the registry')
        .option('--ca-file <file>', 'certificate authorities to trust, PEM')
        .option('--timeout-ms <ms>', 'longest wait for one answer of the registry', readNumber, 10_000)
        .option('--retries <count>', 'repetitions when the registry does not answer', readNumber, 3);
    }
    return command.action(async (options: T) => done(await run({ ...options, cwd: io.cwd })));
  };

  const source = 'a directory, git:REVISION, or the address of a registry';
  add('check', 'are the schemas valid, and compatible with what is there?', true, check).option(
    '--against <source>',
    source,
  );
  add('diff', 'what changed, in words?', true, diff).requiredOption('--against <source>', source);
  add('register', 'registers what is not registered yet', true, register)
    .requiredOption('--registry <url>', 'address of the registry')
    .option('--dry-run', 'say what would happen, change nothing', false)
    .option('--set-compatibility', 'set the levels that schemas.json declares', false);
  add('list', 'the schemas, in the order of their references', true, list).option(
    '--registry <url>',
    'also show what it has',
  );
  add('types', 'TypeScript types', false, types)
    .option('--out <file>', 'write them there')
    .option('--check', 'only say whether the file is current', false)
    .option('--logical <name=type...>', 'TypeScript types of logical types', readPairs)
    .addOption(new Option('--longs <type>', 'what longs are').choices(['number', 'bigint']).default('number'))
    .addOption(new Option('--wrap-unions <when>', 'as avsc is told to').choices(['auto', 'always']).default('auto'))
    .option('--optional-defaults', 'fields with a default may be missing', false)
    .hook('preAction', (_, command) => {
      if (command.opts().check && command.opts().out === undefined) command.error('error: --check needs --out');
      command.setOptionValue('logicalTypes', command.opts().logical ?? {});
    });
  return program;
}

function readNumber(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}

function readPairs(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [name, ...type] = text.split('=');
  if (!name || type.length === 0) throw new InvalidArgumentError('It is written name=type.');
  return { ...before, [name]: type.join('=') };
}
