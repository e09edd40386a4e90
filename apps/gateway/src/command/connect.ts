import { randomUUID } from 'node:crypto';
import { type ConnectAndSubscribe, topicNames } from '@naru/core';
import { Command } from 'commander';
import { CommandFailure } from './command-failure.js';
import { type KafkaOptions, withKafkaOptions } from './kafka-options.js';
import { sendCommand } from './send-command.js';
import { readTarget } from './target-arguments.js';

interface ConnectOptions extends KafkaOptions {
  readonly url?: string;
  readonly fields?: string;
  readonly ttl?: string;
}

export function connectCommand(): Command {
  return withKafkaOptions(
    new Command('connect')
      .description('Tells the gateways to open a stream, or to change the symbols of an open one.')
      .argument('<exchange>', 'such as upbit')
      .argument('<kind>', 'ticker, trade or orderbook')
      .argument('<symbols...>', 'market codes such as KRW-BTC')
      .option('--url <address>', "the exchange's WebSocket address, if not its default one")
      .option('--fields <name,…>', 'publish only these fields of the records')
      .option('--ttl <ms>', 'drop the command when it is older than this'),
  ).action(async (exchange: string, kind: string, symbols: string[], options: ConnectOptions) => {
    const { target, adapter } = readTarget(exchange, kind);
    const command: ConnectAndSubscribe & { correlation_id: string } = {
      type: 'status',
      action: 'connect_and_subscribe',
      target,
      symbols,
      connection: { url: options.url ?? adapter.addresses.default(target.request_type), socket_params: {} },
      ...(options.fields === undefined ? {} : { projection: options.fields.split(',') }),
      ...(options.ttl === undefined ? {} : { ttl_ms: milliseconds(options.ttl) }),
      ts_issue: new Date().toISOString(),
      correlation_id: randomUUID(),
    };
    await sendCommand(`${options.prefix}${topicNames.command}`, command, options);
  });
}

function milliseconds(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number <= 0)
    throw new CommandFailure('usage', '--ttl takes whole milliseconds above 0.');
  return number;
}
