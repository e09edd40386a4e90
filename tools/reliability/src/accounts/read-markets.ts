import { randomUUID } from 'node:crypto';
import type { TradeRecord } from '@naru/core';
import { createExchangeSimulator } from '@naru/exchange-simulator';
import { createKafkaAdmin, createKafkaConsumer, createKafkaTransport } from '@naru/kafka-clients';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';

/** What Kafka holds of one market's sequence of trades. */
export interface MarketReading {
  readonly distinct: number;
  readonly duplicated: number;
  readonly misordered: number;
  readonly wrong: number;
  readonly highest: number;
}

interface Batch {
  readonly exchange: string;
  readonly data: readonly TradeRecord[];
}

/** How often the price, size and side of a record are held against what was sent. */
const comparedEvery = 97;

/** Reads one market's records in the order of their partition. */
export class MarketReader {
  readonly #seen = new Set<number>();
  readonly #expected: (index: number) => { readonly id: string; readonly price: number; readonly size: number };
  readonly #firstId: bigint;
  #last = -1;
  #records = 0;
  #misordered = 0;
  #wrong = 0;
  #highest = -1;

  constructor(expected: (index: number) => { readonly id: string; readonly price: number; readonly size: number }) {
    this.#expected = expected;
    this.#firstId = BigInt(expected(0).id);
  }

  read(record: Pick<TradeRecord, 'sequential_id' | 'trade_price' | 'trade_volume'>): void {
    const index = Number(BigInt(record.sequential_id) - this.#firstId);
    this.#records += 1;
    if (index < 0) this.#wrong += 1;
    if (index % comparedEvery === 0) {
      const { price, size } = this.#expected(index);
      if (record.trade_price !== price || record.trade_volume !== size) this.#wrong += 1;
    }
    if (this.#seen.has(index)) return;
    this.#seen.add(index);
    if (index < this.#last) this.#misordered += 1;
    this.#last = index;
    this.#highest = Math.max(this.#highest, index);
  }

  get reading(): MarketReading {
    return {
      distinct: this.#seen.size,
      duplicated: this.#records - this.#seen.size,
      misordered: this.#misordered,
      wrong: this.#wrong,
      highest: this.#highest,
    };
  }
}

/** Reads topics of trades to their end, by `exchange/code`; what was replayed on subscribing is left out. */
export async function readMarkets(
  brokers: readonly string[],
  registryUrl: string,
  topics: readonly string[],
  seed: number,
): Promise<ReadonlyMap<string, MarketReading>> {
  const transport = createKafkaTransport({ brokers, clientId: 'naru-reliability' });
  const groupId = `naru-reliability-${randomUUID()}`;
  await using admin = createKafkaAdmin({ transport });
  const expected = (await admin.describeLag(groupId, topics)).reduce((sum, { lag }) => sum + lag, 0);
  await using registry = createSchemaRegistryClient({ urls: registryUrl });
  const avro = createAvroDeserializer({
    source: {
      byId: async (id) => {
        const schema = await registry.schemaById(id);
        return { schema: schema.schema, references: await registry.referencedTexts(schema) };
      },
    },
  });
  const known = createExchangeSimulator({ seed });
  const readers = new Map<string, MarketReader>();
  const take = ({ exchange, data }: Batch): void => {
    for (const record of data) {
      if (record.stream_type === 'SNAPSHOT') continue;
      const key = `${exchange}/${record.code}`;
      let reader = readers.get(key);
      if (!reader) {
        reader = new MarketReader((index) => known.expectedTrade(exchange, record.code, index));
        readers.set(key, reader);
      }
      reader.read(record);
    }
  };
  if (expected > 0) {
    let messages = 0;
    let finish: () => void;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await using consumer = createKafkaConsumer({
      transport,
      groupId,
      topics,
      fromBeginning: true,
      handler: async ({ topic, value }) => {
        if (value !== null) {
          await avro.prepare(value, { topic });
          take(avro.decode(value, { topic }) as Batch);
        }
        messages += 1;
        if (messages >= expected) finish();
      },
    });
    await consumer.start();
    await finished;
  }
  return new Map([...readers].map(([key, reader]) => [key, reader.reading]));
}
