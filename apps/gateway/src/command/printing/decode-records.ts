import { createSchemaSource, type SchemaRegistryClient } from '@naru/schema-registry';
import { createAvroDeserializer } from '@naru/serializers';

/** Reads framed Avro and JSON alike: no JSON text begins with a zero byte, and every frame does. */
export function createDecoder(registry: SchemaRegistryClient): (value: Buffer, topic: string) => Promise<unknown> {
  const avro = createAvroDeserializer({ source: createSchemaSource(registry) });
  return async (value, topic) => {
    if (value[0] !== 0) return JSON.parse(value.toString());
    await avro.prepare(value, { topic });
    return avro.decode(value, { topic });
  };
}

/** The records of a batch; anything else is one. */
export function recordsOf(value: unknown): readonly unknown[] {
  return isBatch(value) ? value.data : [value];
}

function isBatch(value: unknown): value is { readonly data: readonly unknown[] } {
  return typeof value === 'object' && value !== null && 'data' in value && Array.isArray(value.data);
}

/** The fields that have a value, without the punctuation of JSON. */
export function compact(record: unknown): string {
  if (typeof record !== 'object' || record === null) return String(record);
  return Object.entries(record)
    .filter(([name, value]) => value !== null && name !== 'code')
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(' ');
}
