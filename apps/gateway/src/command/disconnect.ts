import { randomUUID } from 'node:crypto';
import { topicNames } from '@naru/core';
import { Command } from 'commander';
import { type KafkaOptions, withKafkaOptions } from './kafka-options.js';
import { sendCommand } from './send-command.js';
import { readTarget } from './target-arguments.js';

export function disconnectCommand(): Command {
  return withKafkaOptions(
    new Command('disconnect')
      .description('Tells the gateways to end a stream.')
      .argument('<exchange>', 'such as upbit')
      .argument('<kind>', 'ticker, trade or orderbook')
      .option('--reason <text>', 'kept with the command'),
  ).action(async (exchange: string, kind: string, options: KafkaOptions & { readonly reason?: string }) => {
    const command = {
      type: 'status',
      action: 'disconnect',
      target: readTarget(exchange, kind).target,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      correlation_id: randomUUID(),
    };
    await sendCommand(`${options.prefix}${topicNames.disconnection}`, command, options);
  });
}
