import type { TradeRecord } from '@naru/core';
import { createKafkaTransport, readToEnd } from '@naru/kafka-clients';
import { createSchemaRegistryClient, createSchemaSource } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';
import { type KnownTrade, MarketReader, type MarketReading } from './market-reader.js';

interface Batch {
  readonly exchange: string;
  readonly data: readonly TradeRecord[];
}

/** Reads topics of trades to their end, by `exchange/code`; what was replayed on subscribing is left out. */
export async function readMarkets(
  brokers: readonly string[],
  registryUrl: string,
  topics: readonly string[],
  knownTrade: (exchange: string, code: string, index: number) => Promise<KnownTrade>,
): Promise<ReadonlyMap<string, MarketReading>> {
  await using registry = createSchemaRegistryClient({ urls: registryUrl });
  const avro = createAvroDeserializer<Batch>({ source: createSchemaSource(registry) });
  const readers = new Map<string, MarketReader>();
  const readerOf = async (exchange: string, code: string): Promise<MarketReader> => {
    const key = `${exchange}/${code}`;
    let reader = readers.get(key);
    if (!reader) {
      const { id } = await knownTrade(exchange, code, 0);
      // Records of one market come one after the other, so nobody else has made it meanwhile.
      reader = new MarketReader(id);
      readers.set(key, reader);
    }
    return reader;
  };
  await readToEnd({
    transport: createKafkaTransport({ brokers, clientId: 'naru-reliability' }),
    topics,
    async onMessage({ topic, value, headers }) {
      if (value === null) return;
      await avro.prepare(value, { topic });
      const { exchange, data } = avro.decode(value, { topic })!;
      const token = Number(headers['naru-lease-token'] ?? 0);
      for (const record of data) {
        if (record.stream_type === 'SNAPSHOT') continue;
        (await readerOf(exchange, record.code)).read(record, token);
      }
    },
  });
  for (const [key, reader] of readers) {
    const [exchange = '', code = ''] = key.split('/');
    await reader.verify((index) => knownTrade(exchange, code, index));
  }
  return new Map([...readers].map(([key, reader]) => [key, reader.reading]));
}
