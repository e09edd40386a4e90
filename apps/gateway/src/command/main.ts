import { CommandFailure } from './command-failure.js';
import { createProgram } from './program.js';

try {
  await createProgram().parseAsync();
} catch (error) {
  process.stderr.write(`naru: ${(error as Error).message}\n`);
  process.exitCode = error instanceof CommandFailure ? error.exitCode : 1;
}
