import { createRequire } from 'node:module';
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { createEmbeddedRegistry, type EmbeddedRegistry } from '@naru/schema-registry/testing';
import { createAvroCodec } from '@naru/serializers';
import avro from 'avsc';
import type { Call } from './contestants.js';

const topic = 'bench';
const subject = `${topic}-value`;
/** Found when somebody installed it; it is no dependency because it brings 170 MiB of cloud clients. */
const confluentPackage = '@confluentinc/schemaregistry';

/** Registers both schemas, the reader's last, and writes the values with the first. */
async function registered(
  writer: string,
  reader: string,
  values: readonly unknown[],
): Promise<{ readonly registry: EmbeddedRegistry; readonly messages: readonly Buffer[] }> {
  const registry = await createEmbeddedRegistry();
  const client = createSchemaRegistryClient({ urls: [registry.url] });
  const { id } = await client.register(subject, { schema: writer });
  await client.register(subject, { schema: reader });
  const codec = createAvroCodec({ schema: writer, id });
  return { registry, messages: values.map((value) => codec.encode(value)) };
}

/** kafkajs's registry client, reading in another schema than the writer's. */
export async function kafkajsDecoder(writer: string, reader: string, values: readonly unknown[]): Promise<Call> {
  const { registry, messages } = await registered(writer, reader, values);
  const client = new SchemaRegistry({ host: registry.url });
  const readerSchema = avro.Type.forSchema(JSON.parse(reader));
  return (turn) => client.decode(messages[turn % messages.length]!, { [SchemaType.AVRO]: { readerSchema } });
}

interface ConfluentPackage {
  readonly SchemaRegistryClient: new (config: { readonly baseURLs: readonly string[] }) => object;
  readonly SerdeType: { readonly VALUE: unknown };
  readonly AvroDeserializer: new (
    client: object,
    type: unknown,
    config: { readonly useLatestVersion: boolean },
  ) => { deserialize(topic: string, payload: Buffer): Promise<unknown> };
}

/** Confluent's client, reading in the latest schema. Undefined where it is not installed. */
export async function confluentDecoder(writer: string, reader: string, values: readonly unknown[]): Promise<Call> {
  const require = createRequire(import.meta.url);
  let confluent: ConfluentPackage;
  try {
    confluent = require(confluentPackage) as ConfluentPackage;
  } catch {
    return undefined;
  }
  const { registry, messages } = await registered(writer, reader, values);
  const client = new confluent.SchemaRegistryClient({ baseURLs: [registry.url] });
  const deserializer = new confluent.AvroDeserializer(client, confluent.SerdeType.VALUE, { useLatestVersion: true });
  return (turn) => deserializer.deserialize(topic, messages[turn % messages.length]!);
}
