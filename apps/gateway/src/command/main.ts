import { exitCodeOf } from './ending/command-failure.js';
import { createProgram } from './program.js';

// Whoever reads us may have seen enough: `naru tap … | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  const program = await createProgram(process.argv[2]);
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`naru: ${(error as Error).message}\n`);
  process.exitCode = exitCodeOf(error);
}
