import { createKafkaProducer, createKafkaTransport, KafkaClientError } from '@naru/kafka-clients';
import { CommandFailure } from './command-failure.js';
import type { KafkaOptions } from './kafka-options.js';

/** Writes one command and says where it is. */
export async function sendCommand(
  topic: string,
  command: { readonly correlation_id: string; readonly target: object },
  { brokers, json }: KafkaOptions,
): Promise<void> {
  const transport = createKafkaTransport({ brokers: brokers.split(','), clientId: 'naru-command' });
  const producer = createKafkaProducer({ transport, lingerMs: 0, deliveryTimeoutMs: 10_000 });
  try {
    await producer.connect();
    const { partition, offset } = await producer.sendAndWait({
      topic,
      // Commands for one target stay in order.
      key: Object.values(command.target).join('|'),
      value: JSON.stringify(command),
    });
    const answer = { topic, partition, offset, correlation_id: command.correlation_id };
    process.stdout.write(
      json
        ? `${JSON.stringify(answer)}\n`
        : `sent to ${topic}, partition ${partition}, offset ${offset}; correlation id ${answer.correlation_id}\n`,
    );
  } catch (error) {
    if (error instanceof KafkaClientError) throw new CommandFailure('unreachable', error.message, error);
    throw error;
  } finally {
    await producer.close(1_000).catch(() => {});
  }
}
