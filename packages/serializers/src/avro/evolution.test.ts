import { expect, test } from 'vitest';
import { createAvroCodec } from './avro-codec.js';
import { createAvroDeserializer } from './avro-serializer.js';
import type { AvroSchemaText, SchemaSource } from './schema-source.js';

const record = (...fields: object[]): string => JSON.stringify({ type: 'record', name: 'R', fields });

const sourceOf = (texts: Record<number, string>): SchemaSource & { readonly asked: number[] } => {
  const asked: number[] = [];
  return {
    asked,
    async byId(id): Promise<AvroSchemaText> {
      asked.push(id);
      const schema = texts[id];
      if (schema === undefined) throw Object.assign(new Error(`schema ${id} not found`), { retryable: false });
      return { schema };
    },
  };
};

const context = { topic: 't' };

test('reads another writer’s messages in its own schema, once they are prepared', async () => {
  const old = record({ name: 'a', type: 'int' });
  const next = record({ name: 'a', type: 'long' }, { name: 'b', type: 'string', default: 'none' });
  const source = sourceOf({ 1: old });
  const message = createAvroCodec({ schema: old, id: 1 }).encode({ a: 5 });
  const codec = createAvroCodec({ schema: next, id: 2, source });
  expect(() => codec.decode(message)).toThrow(
    expect.objectContaining({ code: 'schema_not_prepared', retryable: true }),
  );
  await codec.prepare(message);
  expect(codec.decode(message)).toEqual({ a: 5, b: 'none' });
  expect(codec.prepare(message)).toBeUndefined();
  expect(source.asked).toEqual([1]);
});

test('asks once for a schema that many messages wait for, and again after a failure', async () => {
  const source = sourceOf({});
  const deserializer = createAvroDeserializer({ source });
  const message = createAvroCodec({ schema: '"string"', id: 4 }).encode('x');
  const both = [deserializer.prepare(message, context), deserializer.prepare(message, context)];
  const outcomes = await Promise.allSettled(both);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  expect(outcomes[0]).toMatchObject({ reason: { code: 'schema_unavailable', retryable: false } });
  expect(source.asked).toEqual([4]);
  await expect(deserializer.prepare(message, context)).rejects.toThrow('schema id 4 could not be fetched'.slice(7));
  expect(source.asked).toEqual([4, 4]);
});

test('a tombstone needs no schema', () => {
  const deserializer = createAvroDeserializer({ source: sourceOf({}) });
  expect(deserializer.prepare(null, context)).toBeUndefined();
  expect(deserializer.decode(null, context)).toBeNull();
});

test('keeps at most maxWriters readers and fetches a dropped one again', async () => {
  const source = sourceOf({ 1: '"string"', 2: '"string"', 3: '"string"' });
  const deserializer = createAvroDeserializer({ source, maxWriters: 2 });
  for (const id of [1, 2, 1, 3, 1, 2]) {
    const message = createAvroCodec({ schema: '"string"', id }).encode(`m${id}`);
    await deserializer.prepare(message, context);
    expect(deserializer.decode(message, context)).toBe(`m${id}`);
  }
  expect(source.asked).toEqual([1, 2, 3, 2]);
});

test('names match without their namespaces', async () => {
  const writer = '{"type":"record","name":"old.place.R","fields":[{"name":"a","type":"int"}]}';
  const reader = '{"type":"record","name":"new.place.R","fields":[{"name":"a","type":"int"}]}';
  const codec = createAvroCodec({ schema: reader, id: 2, source: sourceOf({ 1: writer }) });
  const message = createAvroCodec({ schema: writer, id: 1 }).encode({ a: 1 });
  await codec.prepare(message);
  expect(codec.decode(message)).toEqual({ a: 1 });
});

test.each([
  ['long', ['double', 'long'], 5, { long: 5 }],
  ['int', ['long', 'int'], 5, { int: 5 }],
  ['float', ['double', 'float'], 0.5, { float: 0.5 }],
  ['string', ['bytes', 'string'], 'x', 'x'],
])(
  'a writer’s %s is read as the same branch of %j, not as the first that could',
  async (type, union, value, expected) => {
    const writer = record({ name: 'a', type });
    const reader = record({ name: 'a', type: union });
    const codec = createAvroCodec({ schema: reader, id: 2, source: sourceOf({ 1: writer }) });
    const message = createAvroCodec({ schema: writer, id: 1 }).encode({ a: value });
    await codec.prepare(message);
    expect(codec.decode(message)).toEqual({ a: expected });
  },
);

test('says when no reader can be derived', async () => {
  const source = sourceOf({ 1: record({ name: 'a', type: 'string' }) });
  const codec = createAvroCodec({ schema: record({ name: 'a', type: 'int' }), id: 2, source });
  const message = createAvroCodec({ schema: record({ name: 'a', type: 'string' }), id: 1 }).encode({ a: 'x' });
  await expect(codec.prepare(message)).rejects.toMatchObject({ code: 'incompatible_schema' });
});
