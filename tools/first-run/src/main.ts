import { spawn } from 'node:child_process';
import { findInfrastructure } from './infrastructure.js';
import { programs } from './repository.js';

/** `--real` is the repository's own; every other option is one of `naru dev`. */
const args = process.argv.slice(2);
const isReal = args.includes('--real');
const rest = args.filter((argument) => argument !== '--real');
const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  if (rest.includes('--help')) {
    say(
      'npm start -- takes the options of "naru dev", and --real for real Kafka, Redis and registry, brought up if no addresses are configured.',
    );
  }
  const infrastructure = await findInfrastructure(process.env, isReal && !rest.includes('--help'), say);
  try {
    process.exitCode = await runDev(rest, infrastructure.addresses);
  } finally {
    await infrastructure.release();
  }
} catch (error) {
  say(`naru: ${(error as Error).message}`);
  process.exitCode = 1;
}

/** Runs it with our terminal; a signal to us is one to it, and its exit code is ours. */
function runDev(options: readonly string[], addresses: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [programs.gateway, 'dev', ...options], {
    stdio: 'inherit',
    env: { ...process.env, ...addresses },
  });
  // A terminal sends SIGINT to the whole group: passed on again, it would end the child before it has stopped cleanly.
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
