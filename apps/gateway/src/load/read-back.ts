import type { RequestType } from '@naru/core';
import { type KafkaTransport, readToEnd } from '@naru/kafka-clients';
import { createSchemaRegistryClient, type SchemaRegistryClientOptions } from '@naru/schema-registry';
import { createDecoder } from '../command/printing/decode-records.js';

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

/** Reads topics from their beginning to where they end now, and decodes every record. */
export async function readBack(
  transport: KafkaTransport,
  registryOptions: SchemaRegistryClientOptions,
  topics: readonly string[],
): Promise<ReadBack> {
  await using registry = createSchemaRegistryClient(registryOptions);
  const decode = createDecoder(registry);
  const byMarket = new Map<string, number>();
  let records = 0;
  const { messages, deleted } = await readToEnd({
    transport,
    topics,
    maxQueuedPerPartition: 5_000,
    async onMessage({ topic, value }) {
      if (value === null) return;
      const { exchange, request_type, data } = (await decode(value, topic)) as Batch;
      records += data.length;
      for (const { code } of data) {
        const key = `${exchange}/${request_type}/${code}`;
        byMarket.set(key, (byMarket.get(key) ?? 0) + 1);
      }
    },
  });
  return { messages, deleted, records, byMarket };
}
