import { type RequestType, requestTypes } from '@naru/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createLoadProgress, loadLines } from '../../load/load-display.js';
import { type LoadOptions, loadLimits } from '../../load/load-options.js';
import { runLoad } from '../../load/run-load.js';
import { CommandFailure } from '../ending/command-failure.js';
import {
  type ClientOptions,
  readOptedConfig,
  withConfigOption,
  withRegistryOption,
} from '../options/client-options.js';
import { examples } from '../options/examples.js';

interface LoadCommandOptions extends Omit<LoadOptions, 'config' | 'maxP99Ms'>, Omit<ClientOptions, 'json'> {
  readonly p99: number;
  readonly json: boolean;
}

/** @param signal ends the run, and what was started for it */
export function loadCommand(signal: AbortSignal): Command {
  return withRegistryOption(
    withConfigOption(
      new Command('load').description(
        'Puts a gateway under load from simulated exchanges, in processes of their own, and tells what it sustains, what a tick costs, and whether every tick is in Kafka. Servers are those of naru run, TLS and SASL included; without any it runs on embedded ones. Without --rate it looks for the highest rate.',
      ),
    ).addOption(new Option('--brokers <host:port,…>', 'Kafka bootstrap addresses, before KAFKA_BROKERS')),
  )
    .option('--rate <ticks>', 'ticks a second', within('rate'))
    .option('--seconds <seconds>', 'measured at every rate', within('seconds'), 10)
    .option('--markets <count>', 'over all eleven exchanges, each with every kind', within('markets'), 500)
    .option('--kinds <kind,…>', 'ticker, trade, orderbook', kinds, [...requestTypes])
    .option('--p99 <ms>', 'wait for the acknowledgement up to which a rate counts as sustained', positive, 250)
    .option('--seed <number>', 'what is sent follows from it', positive, 7)
    .option('--keep-topics', 'leave the topics of the run in Kafka', false)
    .option('--profile <folder>', 'write a processor profile of the gateway there')
    .option('--json', 'one JSON object on stdout', false)
    .addHelpText(
      'after',
      examples('naru load --markets 100', 'naru load --brokers 127.0.0.1:9092 --rate 20000 --seconds 60 --json'),
    )
    .action((options: LoadCommandOptions) => load(options, signal));
}

async function load(
  { config: file, brokers, registry, p99, json, ...rest }: LoadCommandOptions,
  signal: AbortSignal,
): Promise<void> {
  const progress = createLoadProgress(process.stderr);
  const options: LoadOptions = {
    ...rest,
    rate: rest.rate,
    config: readOptedConfig({
      ...(file && { config: file }),
      ...(brokers && { brokers }),
      ...(registry && { registry }),
    }),
    profile: rest.profile,
    maxP99Ms: p99,
  };
  const report = await runLoad(options, progress, signal)
    .catch((error: unknown) => {
      throw signal.aborted
        ? new CommandFailure('interrupted', 'Interrupted; what was started is stopped.', error)
        : error;
    })
    .finally(() => progress.end());
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : `${loadLines(report).join('\n')}\n`);
  if (!report.ok) {
    throw new CommandFailure(
      'failed',
      report.exact ? 'The rate was not sustained; see above.' : 'Not every tick is accounted for; see above.',
    );
  }
}

function within(name: keyof typeof loadLimits): (text: string) => number {
  const { least, most } = loadLimits[name];
  return (text) => {
    const number = Number(text);
    if (!Number.isInteger(number) || number < least || number > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return number;
  };
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number <= 0) throw new InvalidArgumentError('Give a whole number above 0.');
  return number;
}

function kinds(text: string): readonly RequestType[] {
  const named = text.split(',');
  const unknown = named.find((kind) => !(requestTypes as readonly string[]).includes(kind));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${requestTypes.join(', ')}.`);
  return named as RequestType[];
}
