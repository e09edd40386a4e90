import { Command } from 'commander';
import { readConfig } from '../../config/read-config.js';
import { runDev } from '../../dev/run-dev.js';
import { readWantedStream, shownStreams } from '../../dev/wanted-streams.js';
import { withConfigOption } from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { positiveNumber, wholeNumber } from '../options/option-values.js';
import { createStreamDisplay } from '../printing/stream-display.js';

interface DevCommandOptions {
  readonly config?: string;
  readonly for?: number;
  readonly rate: number;
  readonly seed: number;
  readonly live: readonly string[];
  readonly json: boolean;
}

/** @param signal ends the run, also while it starts */
export function devCommand(signal: AbortSignal): Command {
  return withConfigOption(
    new Command('dev').description(
      'Runs the gateway whole on this machine, for a first look and for development: simulated exchanges, embedded Kafka and registry where no addresses are configured, a living line per stream.',
    ),
  )
    .option('--for <seconds>', 'run that long, then stop cleanly', positiveNumber)
    .option('--rate <frames>', 'frames a second that the simulated exchanges send', wholeNumber(1, 1_000_000), 2_000)
    .option('--seed <number>', 'seed of the simulated markets', wholeNumber(0, 2 ** 31 - 1), 7)
    .option(
      '--live <exchange:kind:symbol[,symbol…]>',
      'stream from the real exchange instead, such as upbit:ticker:KRW-BTC; may be repeated',
      (text: string, before: readonly string[]) => [...before, text],
      [],
    )
    .option('--json', 'print the outcome as one JSON object on the last line of stdout', false)
    .addHelpText('after', examples('naru dev', 'naru dev --for 15 --json', 'naru dev --live upbit:ticker:KRW-BTC'))
    .action((options: DevCommandOptions) => dev(options, signal));
}

async function dev(
  { config: file, for: seconds, rate, seed, live, json }: DevCommandOptions,
  interrupted: AbortSignal,
): Promise<void> {
  // From the start of the process, so that it says what a first look takes.
  const startedAt = performance.timeOrigin;
  const isLive = live.length > 0;
  const streams = (isLive ? live : shownStreams).map(readWantedStream);
  const { NARU_OPERATIONS_PORT = '0' } = process.env;
  const config = readConfig({ environment: { ...process.env, NARU_OPERATIONS_PORT }, file });
  // With --json stdout belongs to the outcome.
  const display = createStreamDisplay(json ? process.stderr : process.stdout);
  const outcome = await runDev({
    config,
    streams,
    exchanges: isLive ? 'real' : { rate, seed },
    seconds,
    display,
    // Started by a script of the repository, there is no naru on the PATH.
    naru: process.env.npm_package_name === 'naru' ? 'npm run -s naru --' : 'naru',
    startedAt,
    interrupted,
  });
  display.say(
    `Stopped cleanly after ${outcome.seconds} s: ${outcome.received} received = ${outcome.acknowledged} acknowledged + ${outcome.conflated} conflated + ${outcome.dropped} dropped + ${outcome.buffered} buffered.`,
  );
  if (json) process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
