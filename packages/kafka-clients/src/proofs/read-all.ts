import { randomUUID } from 'node:crypto';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import { createKafkaConsumer } from '../consumer/create-kafka-consumer.js';
import type { ReceivedMessage } from '../consumer/received-message.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';

/** Reads a topic from its beginning to where it ends now. */
export async function readAll(
  transport: KafkaTransport,
  topic: string,
  onMessage: (message: ReceivedMessage) => void,
): Promise<void> {
  const client = transport.createAdmin();
  await client.connect();
  const ends = await client.topicOffsets(topic);
  await client.close();
  const open = new Map(
    ends.filter(({ high, low }) => high !== low).map(({ partition, high }) => [partition, BigInt(high)]),
  );
  if (open.size === 0) return;
  await new Promise<void>((resolve, reject) => {
    const consumer = createKafkaConsumer({
      transport,
      groupId: `read-all-${randomUUID()}`,
      topics: [topic],
      fromBeginning: true,
      maxWaitMs: 50,
      handler: (message) => {
        onMessage(message);
        if (BigInt(message.offset) + 1n >= (open.get(message.partition) ?? 0n)) open.delete(message.partition);
        if (open.size === 0) setImmediate(() => consumer.close().then(resolve, reject));
      },
    });
    consumer.start().catch(reject);
  });
}

/** Creates a topic of that many partitions under a name nobody else uses. */
export async function createTopic(
  transport: KafkaTransport,
  partitions: number,
  replication?: number,
  config?: Record<string, string>,
): Promise<string> {
  await using admin = createKafkaAdmin({ transport });
  const topic = `proof-${randomUUID()}`;
  await admin.ensureTopics([{ topic, partitions, ...(replication && { replication }), ...(config && { config }) }]);
  return topic;
}
