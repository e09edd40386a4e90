import { describe, test } from 'vitest';
import { createAvroDeserializer, createAvroSerializer } from '../avro/avro-serializer.js';
import { createJsonDeserializer, createJsonSerializer } from '../json/json-serializer.js';
import { createUnifiedDeserializer } from '../unified/unified-deserializer.js';
import { createUnifiedSerializer } from '../unified/unified-serializer.js';
import { createInMemorySchemaSource } from './schema-source.js';
import { type SerializerSubject, serializerContract } from './serializer-contract.js';

const schema =
  '{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"n","type":["null","double"]}]}';
const guid = '0f8b6a9c-3d8f-4f3e-9d53-6a0f0c7c5e11';
const values = [
  { a: 'one', n: 1.5 },
  { a: 'zwei', n: null },
  { a: 'x'.repeat(3_000), n: 0 },
];
const circle: Record<string, unknown> = {};
circle.self = circle;
const unreadable = Buffer.of(0, 0, 0);

const avroPair = (): Pick<SerializerSubject, 'serializer' | 'deserializer'> => ({
  serializer: createAvroSerializer({ schema, id: 3 }),
  deserializer: createAvroDeserializer({ source: createInMemorySchemaSource({ 3: schema }) }),
});

const subjects: Record<string, () => SerializerSubject> = {
  JSON: () => ({
    serializer: createJsonSerializer(),
    deserializer: createJsonDeserializer(),
    context: { topic: 't' },
    values,
    unwritable: circle,
    unreadable,
  }),
  'Avro, v0': () => ({ ...avroPair(), context: { topic: 't' }, values, unwritable: { a: 1 }, unreadable }),
  'Avro, v1': () => ({
    serializer: createAvroSerializer({ schema, guid, frame: 'v1' }),
    deserializer: createAvroDeserializer({ source: createInMemorySchemaSource({ [guid]: schema }) }),
    context: { topic: 't', headers: {} },
    values,
    unwritable: { a: 1 },
    unreadable,
  }),
  'unified, on an Avro topic': () => {
    const { serializer, deserializer } = avroPair();
    return {
      serializer: createUnifiedSerializer({ avro: () => serializer }),
      deserializer: createUnifiedDeserializer({ avro: deserializer }),
      context: { topic: 'ws.metrics' },
      values,
      unwritable: { a: 1 },
      unreadable,
    };
  },
  'unified, on a JSON topic': () => ({
    serializer: createUnifiedSerializer(),
    deserializer: createUnifiedDeserializer(),
    context: { topic: 'ws.error' },
    values,
    unwritable: circle,
    unreadable,
  }),
};

describe.each(Object.entries(subjects))('%s', (_name, create) => {
  for (const { title, check } of serializerContract) test(title, () => check(create()));
});
