import { randomUUID } from 'node:crypto';
import type { RequestType } from '@naru/core';
import { createKafkaAdmin, createKafkaConsumer, createKafkaTransport } from '@naru/kafka-clients';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';
import { CommandFailure } from '../command/command-failure.js';

/** What the topics hold, counted record by record. */
export interface ReadBack {
  readonly messages: number;
  /** Messages that the broker's retention had deleted before they could be read. */
  readonly deleted: number;
  readonly records: number;
  /** Records by `exchange/kind/code`. */
  readonly byMarket: ReadonlyMap<string, number>;
}

interface Batch {
  readonly exchange: string;
  readonly request_type: RequestType;
  readonly data: readonly { readonly code: string }[];
}

/** For every topic: no record for this long means that the rest is gone. */
const stalledAfterMs = 60_000;

/** Reads topics from their beginning to where they end now, and decodes every record. */
export async function readBack(
  brokers: readonly string[],
  registryUrl: string,
  topics: readonly string[],
): Promise<ReadBack> {
  const transport = createKafkaTransport({ brokers, clientId: 'naru-load' });
  const groupId = `naru-load-${randomUUID()}`;
  await using admin = createKafkaAdmin({ transport });
  const partitions = await admin.describeLag(groupId, topics);
  const expected = partitions.reduce((sum, { lag }) => sum + lag, 0);
  const deleted = partitions.reduce((sum, { end, lag }) => sum + Number(end) - lag, 0);
  await using registry = createSchemaRegistryClient({ urls: registryUrl });
  const avro = createAvroDeserializer({
    source: {
      byId: async (id) => {
        const schema = await registry.schemaById(id);
        return { schema: schema.schema, references: await registry.referencedTexts(schema) };
      },
    },
  });

  const byMarket = new Map<string, number>();
  let messages = 0;
  let records = 0;
  const count = ({ exchange, request_type, data }: Batch): void => {
    records += data.length;
    for (const { code } of data) {
      const key = `${exchange}/${request_type}/${code}`;
      byMarket.set(key, (byMarket.get(key) ?? 0) + 1);
    }
  };
  if (expected === 0) return { messages, deleted, records, byMarket };

  await new Promise<void>((resolve, reject) => {
    let before = 0;
    const watch = setInterval(() => {
      if (messages === before) {
        end(new CommandFailure('failed', `Only ${messages} of ${expected} messages could be read back.`));
      }
      before = messages;
    }, stalledAfterMs);
    const consumer = createKafkaConsumer({
      transport,
      groupId,
      topics,
      fromBeginning: true,
      maxQueuedPerPartition: 5_000,
      handler: async ({ topic, value }) => {
        if (value === null) return;
        await avro.prepare(value, { topic });
        count(avro.decode(value, { topic }) as Batch);
        messages += 1;
        if (messages === expected) end();
      },
    });
    function end(error?: Error): void {
      clearInterval(watch);
      void consumer.close().then(() => (error ? reject(error) : resolve()), reject);
    }
    consumer.start().catch(end);
  });
  return { messages, deleted, records, byMarket };
}
