import { type ConnectAndSubscribe, isCommandExpired, topicNames } from '@naru/core';
import { CommandConsumer, type CommandConsumerOptions, type CommandContext } from './command-consumer.js';

/** Opens streams. */
export interface StreamOrchestrator {
  /** Resolves when the command was carried out: only then is its offset committed. */
  connectFromContext(command: ConnectAndSubscribe, context: CommandContext): Promise<void>;
}

export interface KafkaConsumerClientOptions extends CommandConsumerOptions {
  readonly orchestrator: StreamOrchestrator;
  /** Told of a command that was older than its `ttl_ms` and therefore dropped. */
  readonly onExpired?: ((command: ConnectAndSubscribe, context: CommandContext) => Promise<void> | void) | undefined;
}

/**
 * Consumes `ws.command`: checks each command, has `connect_and_subscribe` carried out, drops those past their
 * `ttl_ms`, and writes what is no command to the dead letters.
 */
export class KafkaConsumerClient extends CommandConsumer {
  constructor(options: KafkaConsumerClientOptions) {
    const { orchestrator, onExpired, ...rest } = options;
    super(rest, { topic: topicNames.command, groupId: 'naru-gateway-connect' }, async (command, context) => {
      if (command.action !== 'connect_and_subscribe') return;
      if (isCommandExpired(command, this.clock.now(), context.message.timestamp)) await onExpired?.(command, context);
      else await orchestrator.connectFromContext(command, context);
    });
  }
}
