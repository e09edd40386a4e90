import { Command } from 'commander';
import { buildDisconnect } from '../../commands/build-command.js';
import { type ClientOptions, readClientConfig, withKafkaOptions } from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { readTarget, withTargetArguments } from '../options/target-arguments.js';
import { sendCommand } from './send-command.js';

export function disconnectCommand(): Command {
  return withKafkaOptions(
    withTargetArguments(new Command('disconnect').description('Tells the gateways to end a stream.')).option(
      '--reason <text>',
      'kept with the command',
    ),
  )
    .addHelpText('after', examples('naru disconnect upbit trade --reason "no longer needed"'))
    .action(async (exchange: string, kind: string, options: ClientOptions & { readonly reason?: string }) => {
      const { target } = readTarget(exchange, kind);
      const config = readClientConfig(options);
      await sendCommand(config.topics.disconnection, buildDisconnect(target, options.reason), config, options);
    });
}
