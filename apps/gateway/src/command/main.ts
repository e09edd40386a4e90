import { exitCodeOf, exitCodes } from './ending/command-failure.js';
import { asksForJson, errorText } from './ending/error-text.js';
import { createInterruption } from './ending/interruption.js';
import { createProgram } from './program.js';

// Whoever reads us may have seen enough: `naru tap … | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.failed);
  });
}

const args = process.argv.slice(2);
const interruption = createInterruption(process);
try {
  const program = await createProgram(args[0], interruption);
  await interruption.unlessInterrupted(program.parseAsync());
} catch (error) {
  process.exitCode = exitCodeOf(error);
  process.stderr.write(errorText(error, { json: asksForJson(args) }), () => {
    // What it was waiting for would keep the process alive.
    if (process.exitCode === exitCodes.interrupted) process.exit();
  });
}
