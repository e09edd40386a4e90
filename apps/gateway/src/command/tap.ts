import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createKafkaConsumer, createKafkaTransport, KafkaClientError } from '@naru/kafka-clients';
import { createSchemaRegistryClient, type SchemaRegistryClient } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';
import { Command, Option } from 'commander';
import { CommandFailure } from './command-failure.js';
import { type KafkaOptions, withKafkaOptions } from './kafka-options.js';

interface TapOptions extends KafkaOptions {
  readonly registry: string;
  readonly fromBeginning: boolean;
  readonly count?: string;
}

export function tapCommand(): Command {
  return withKafkaOptions(
    new Command('tap')
      .description('Prints what a topic carries, decoded, one record a line, until it is interrupted.')
      .argument('<topic>', 'such as realtime.trade.korea')
      .addOption(new Option('--registry <url>', 'schema registry').env('SCHEMA_REGISTRY_URL').makeOptionMandatory())
      .option('--from-beginning', 'begin with the oldest message', false)
      .option('--count <messages>', 'end after this many messages'),
  ).action(tap);
}

async function tap(topic: string, options: TapOptions): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const ended = once(interrupted.signal, 'abort');
  let left = options.count === undefined ? Number.POSITIVE_INFINITY : Number(options.count);
  await using registry = createSchemaRegistryClient({ urls: options.registry });
  const decode = createDecoder(registry);
  const consumer = createKafkaConsumer({
    transport: createKafkaTransport({ brokers: options.brokers.split(','), clientId: 'naru-tap' }),
    // A group of its own: a tap takes nothing away from anybody.
    groupId: `naru-tap-${randomUUID()}`,
    topics: [`${options.prefix}${topic}`],
    fromBeginning: options.fromBeginning,
    handler: async ({ topic: from, key, value }) => {
      if (left <= 0 || value === null) return;
      left -= 1;
      for (const line of linesOf(await decode(value, from), key?.toString() ?? null, options.json)) {
        process.stdout.write(`${line}\n`);
      }
      if (left <= 0) interrupted.abort();
    },
  });
  try {
    await consumer.start();
    await ended;
  } catch (error) {
    if (error instanceof KafkaClientError) throw new CommandFailure('unreachable', error.message, error);
    throw error;
  } finally {
    await consumer.close();
  }
}

/** Reads framed Avro and JSON alike: no JSON text begins with a zero byte, and every frame does. */
function createDecoder(registry: SchemaRegistryClient): (value: Buffer, topic: string) => Promise<unknown> {
  const avro = createAvroDeserializer({
    source: {
      byId: async (id) => {
        const schema = await registry.schemaById(id);
        return { schema: schema.schema, references: await registry.referencedTexts(schema) };
      },
    },
  });
  return async (value, topic) => {
    if (value[0] !== 0) return JSON.parse(value.toString());
    await avro.prepare(value, { topic });
    return avro.decode(value, { topic });
  };
}

/** A batch is as many lines as it has records. */
function linesOf(value: unknown, key: string | null, json: boolean): string[] {
  const records = isBatch(value) ? value.data : [value];
  return records.map((record) => (json ? JSON.stringify(record) : `${key ?? '-'}  ${compact(record)}`));
}

function isBatch(value: unknown): value is { readonly data: readonly unknown[] } {
  return typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data);
}

/** The fields that have a value, without the punctuation of JSON. */
function compact(record: unknown): string {
  if (typeof record !== 'object' || record === null) return String(record);
  return Object.entries(record)
    .filter(([name, value]) => value !== null && name !== 'code')
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}
