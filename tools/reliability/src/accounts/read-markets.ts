import { randomUUID } from 'node:crypto';
import type { TradeRecord } from '@naru/core';
import { createKafkaAdmin, createKafkaConsumer, createKafkaTransport } from '@naru/kafka-clients';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';

/** What Kafka holds of one market's sequence of trades. */
export interface MarketReading {
  readonly distinct: number;
  readonly duplicated: number;
  readonly misordered: number;
  /** Arrived after records of a later owner, under an older lease token. */
  readonly stale: number;
  readonly wrong: number;
  readonly highest: number;
}

interface Batch {
  readonly exchange: string;
  readonly data: readonly TradeRecord[];
}

/** What a trade of a known sequence is. */
export interface KnownTrade {
  readonly id: string;
  readonly price: number;
  readonly size: number;
}

/** Every so manieth record is held against what was sent, up to so many of a market. */
const sampledEvery = 97;
const maxSamples = 100;

/** Reads one market's records in the order of their partition. */
export class MarketReader {
  readonly #firstId: bigint;
  readonly #seen = new Set<number>();
  readonly #samples = new Map<number, Pick<TradeRecord, 'trade_price' | 'trade_volume'>>();
  #last = { index: -1, token: 0 };
  #records = 0;
  #misordered = 0;
  #stale = 0;
  #wrong = 0;
  #highest = -1;

  /** @param firstId of the trade at index 0 */
  constructor(firstId: string) {
    this.#firstId = BigInt(firstId);
  }

  /** @param token of the lease under which it was received */
  read(record: Pick<TradeRecord, 'sequential_id' | 'trade_price' | 'trade_volume'>, token: number): void {
    const index = Number(BigInt(record.sequential_id) - this.#firstId);
    this.#records += 1;
    if (index < 0) this.#wrong += 1;
    if (index % sampledEvery === 0 && this.#samples.size < maxSamples) this.#samples.set(index, record);
    if (this.#seen.has(index)) return;
    this.#seen.add(index);
    this.#highest = Math.max(this.#highest, index);
    if (token < this.#last.token) {
      // From an owner that was replaced: a reader knows it by its token and may pass it over.
      this.#stale += 1;
      return;
    }
    if (index < this.#last.index) this.#misordered += 1;
    this.#last = { index, token };
  }

  /** Compares the samples with what was sent. */
  async verify(known: (index: number) => Promise<KnownTrade>): Promise<void> {
    for (const [index, { trade_price, trade_volume }] of this.#samples) {
      const { price, size } = await known(index);
      if (trade_price !== price || trade_volume !== size) this.#wrong += 1;
    }
  }

  get reading(): MarketReading {
    return {
      distinct: this.#seen.size,
      duplicated: this.#records - this.#seen.size,
      misordered: this.#misordered,
      stale: this.#stale,
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
  knownTrade: (exchange: string, code: string, index: number) => Promise<KnownTrade>,
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
  const take = async ({ exchange, data }: Batch, token: number): Promise<void> => {
    for (const record of data) {
      if (record.stream_type === 'SNAPSHOT') continue;
      (await readerOf(exchange, record.code)).read(record, token);
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
      handler: async ({ topic, value, headers }) => {
        if (value !== null) {
          await avro.prepare(value, { topic });
          await take(avro.decode(value, { topic }) as Batch, Number(headers['naru-lease-token'] ?? 0));
        }
        messages += 1;
        if (messages >= expected) finish();
      },
    });
    await consumer.start();
    await finished;
  }
  for (const [key, reader] of readers) {
    const [exchange = '', code = ''] = key.split('/');
    await reader.verify((index) => knownTrade(exchange, code, index));
  }
  return new Map([...readers].map(([key, reader]) => [key, reader.reading]));
}
