import { topicNames } from '@naru/core';
import { createKafkaProducer, createKafkaTransport, type KafkaProducer } from '@naru/kafka-clients';
import { connectCommand, disconnectCommand } from './commands.js';
import type { WantedStream } from './options.js';

/** Sends commands as anybody would: as JSON, through Kafka. */
export interface CommandSender {
  connect(stream: WantedStream, region: string, url: string): Promise<void>;
  disconnect(stream: WantedStream, region: string): Promise<void>;
  close(): Promise<void>;
}

export async function createCommandSender(brokers: readonly string[]): Promise<CommandSender> {
  const producer = createKafkaProducer({
    transport: createKafkaTransport({ brokers, clientId: 'naru-first-run' }),
    lingerMs: 0,
  });
  await producer.connect();
  return {
    connect: (stream, region, url) => send(producer, topicNames.command, stream, connectCommand(stream, region, url)),
    disconnect: (stream, region) => send(producer, topicNames.disconnection, stream, disconnectCommand(stream, region)),
    close: () => producer.close(),
  };
}

async function send(producer: KafkaProducer, topic: string, stream: WantedStream, command: object): Promise<void> {
  await producer.sendAndWait({
    topic,
    key: `${stream.exchange}|${stream.requestType}`,
    value: Buffer.from(JSON.stringify(command)),
  });
}
