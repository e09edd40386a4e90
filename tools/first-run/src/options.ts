import { Command, InvalidArgumentError } from 'commander';

/** One stream to be opened. */
export interface WantedStream {
  readonly exchange: string;
  readonly requestType: string;
  readonly symbols: readonly string[];
}

export interface FirstRunOptions {
  /** Seconds to run; undefined runs until it is interrupted. */
  readonly for: number | undefined;
  /** Print the outcome as one JSON object on the last line of stdout. */
  readonly json: boolean;
  /** Use real servers, started by `pnpm infra up` if there are none. */
  readonly real: boolean;
  /** Frames a second that the simulator sends. */
  readonly rate: number;
  readonly seed: number;
  /** Streams of the real exchange in place of the simulator's. */
  readonly live: readonly WantedStream[];
}

export function parseOptions(args: readonly string[]): FirstRunOptions {
  const command = new Command('npm start --')
    .description('Starts Naru whole: simulated exchanges, the gateway and Kafka, with a living line per stream.')
    .option('--for <seconds>', 'run that long, then stop cleanly', positive)
    .option('--json', 'print the outcome as one JSON object on the last line', false)
    .option('--real', 'use real Kafka, Redis and registry, brought up if no addresses are configured', false)
    .option('--rate <frames>', 'frames a second that the simulator sends', positive, 2_000)
    .option('--seed <number>', 'seed of the simulated markets', positive, 7)
    .option(
      '--live <exchange:kind:symbol[,symbol…]>',
      'stream from the real exchange instead, such as upbit:ticker:KRW-BTC; may be repeated',
      collectLive,
      [],
    )
    .parse(args, { from: 'user' });
  const { for: seconds, ...options } = command.opts<FirstRunOptions>();
  return { ...options, for: seconds };
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return number;
}

function collectLive(text: string, before: readonly WantedStream[]): readonly WantedStream[] {
  const [exchange, requestType, symbols, ...rest] = text.split(':');
  if (!exchange || !requestType || !symbols || rest.length > 0) {
    throw new InvalidArgumentError('Write exchange:kind:symbol, such as upbit:ticker:KRW-BTC.');
  }
  return [...before, { exchange, requestType, symbols: symbols.split(',') }];
}
