import { randomUUID } from 'node:crypto';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import type { KafkaTransport } from '../transport/kafka-transport.js';

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
