import { createDisplay } from './display.js';
import { findInfrastructure } from './infrastructure.js';
import { parseOptions } from './options.js';
import { run } from './run.js';

const startedAt = Date.now();
const options = parseOptions(process.argv.slice(2));
// With --json stdout belongs to the outcome.
const display = createDisplay(options.json ? process.stderr : process.stdout);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());

try {
  const infrastructure = await findInfrastructure(process.env, options.real, (line) => display.say(line));
  try {
    const outcome = await run(options, infrastructure, display, startedAt, interruption.signal);
    display.say(
      `Stopped cleanly after ${outcome.seconds} s: ${outcome.received} received = ${outcome.acknowledged} acknowledged + ${outcome.conflated} conflated + ${outcome.dropped} dropped + ${outcome.buffered} buffered.`,
    );
    if (options.json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
  } finally {
    await infrastructure.release();
  }
} catch (error) {
  process.stderr.write(`naru: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
