import { CircuitBreakerError } from '../circuit-breaker-error.js';
import { createBreakerCommand } from './breaker-command.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

try {
  await createBreakerCommand({ signal: interrupted.signal }).parseAsync();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof CircuitBreakerError ? error.message : String(error)}\n`);
}
