import { type RequestType, recordFields } from '@naru/core';
import { Command } from 'commander';
import { buildConnect } from '../../commands/build-command.js';
import { CommandFailure } from '../ending/command-failure.js';
import { type ClientOptions, readClientConfig, withKafkaOptions } from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { wholeNumber } from '../options/option-values.js';
import { checkSymbols, readTarget, withTargetArguments } from '../options/target-arguments.js';
import { sendCommand } from './send-command.js';

interface ConnectOptions extends ClientOptions {
  readonly url?: string;
  readonly fields?: string;
  readonly ttl?: number;
}

export function connectCommand(): Command {
  return withKafkaOptions(
    withTargetArguments(
      new Command('connect').description(
        'Tells the gateways to open a stream, or to change the symbols of an open one.',
      ),
    )
      .argument('<symbols...>', 'market codes such as KRW-BTC')
      .option('--url <address>', "the exchange's WebSocket address, if not its default one")
      .option('--fields <name,…>', 'publish only these fields of the records')
      .option('--ttl <ms>', 'drop the command when it is older than this', wholeNumber(1)),
  )
    .addHelpText(
      'after',
      examples(
        'naru connect upbit trade KRW-BTC KRW-ETH',
        'naru connect binance ticker USDT-BTC --fields close,volume',
      ),
    )
    .action(async (exchange: string, kind: string, symbols: string[], options: ConnectOptions) => {
      const { target, adapter } = readTarget(exchange, kind);
      checkSymbols(symbols);
      const projection = options.fields?.split(',');
      checkFields(projection ?? [], target.request_type);
      const config = readClientConfig(options);
      const command = buildConnect({
        target,
        symbols,
        url: options.url ?? adapter.addresses.default(target.request_type),
        projection,
        ttlMs: options.ttl,
      });
      await sendCommand(config.topics.command, command, config, options);
    });
}

function checkFields(fields: readonly string[], kind: RequestType): void {
  const known = recordFields(kind);
  const wrong = fields.filter((field) => !known.includes(field));
  if (wrong.length === 0) return;
  throw new CommandFailure('usage', `A ${kind} has no ${wrong.join(', ')}. It has ${known.join(', ')}.`);
}
