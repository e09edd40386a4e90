import { type Disconnect, topicNames } from '@naru/core';
import { CommandConsumer, type CommandConsumerOptions, type CommandContext } from './command-consumer.js';

/** Ends streams. */
export interface StreamDisconnector {
  /** Resolves when the stream has ended, or there was none. */
  disconnectFromContext(command: Disconnect, context: CommandContext): Promise<void>;
}

export interface KafkaDisconnectionConsumerClientOptions extends CommandConsumerOptions {
  readonly orchestrator: StreamDisconnector;
}

/** Consumes `ws.disconnection` and has `disconnect` carried out. */
export class KafkaDisconnectionConsumerClient extends CommandConsumer {
  constructor(options: KafkaDisconnectionConsumerClientOptions) {
    const { orchestrator, ...rest } = options;
    super(rest, { topic: topicNames.disconnection, groupId: 'naru-gateway-disconnect' }, async (command, context) => {
      if (command.action === 'disconnect') await orchestrator.disconnectFromContext(command, context);
    });
  }
}
