import { type Target, targetKey } from '@naru/core';
import { createKafkaProducer, createKafkaTransport, type DeliveryReport } from '@naru/kafka-clients';
import { kafkaOptions } from '../../composition/server-options.js';
import type { ClientConfig } from '../options/client-options.js';

interface Sendable {
  readonly target: Target;
  readonly correlation_id: string;
}

/** Writes commands as anybody would: as JSON, through Kafka. */
export interface CommandSender extends AsyncDisposable {
  send(topic: string, command: Sendable): Promise<DeliveryReport>;
}

export async function createCommandSender({ kafka }: ClientConfig): Promise<CommandSender> {
  const transport = createKafkaTransport({ ...kafkaOptions(kafka, kafka.brokers), clientId: 'naru-command' });
  const producer = createKafkaProducer({ transport, lingerMs: 0, deliveryTimeoutMs: 10_000 });
  const close = (): Promise<void> => producer.close(1_000).catch(() => {});
  try {
    await producer.connect();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    send: (topic, command) =>
      // Commands for one target stay in order.
      producer.sendAndWait({ topic, key: targetKey(command.target), value: JSON.stringify(command) }),
    [Symbol.asyncDispose]: close,
  };
}

/** Writes one command and says where it is. */
export async function sendCommand(
  topic: string,
  command: Sendable,
  config: ClientConfig,
  { json }: { readonly json: boolean },
): Promise<void> {
  await using sender = await createCommandSender(config);
  const { partition, offset } = await sender.send(topic, command);
  const answer = { topic, partition, offset, correlation_id: command.correlation_id };
  process.stdout.write(
    json
      ? `${JSON.stringify(answer)}\n`
      : `sent to ${topic}, partition ${partition}, offset ${offset}; correlation id ${answer.correlation_id}\n`,
  );
}
