import { expect, test } from 'vitest';
import { createInMemorySchemaSource } from '../testing/schema-source.js';
import { createAvroCodec } from './avro-codec.js';
import { createAvroDeserializer } from './avro-serializer.js';

const record = (...fields: object[]): string => JSON.stringify({ type: 'record', name: 'R', fields });

const context = { topic: 't' };

test('reads another writer’s messages in its own schema, once they are prepared', async () => {
  const old = record({ name: 'a', type: 'int' });
  const next = record({ name: 'a', type: 'long' }, { name: 'b', type: 'string', default: 'none' });
  const source = createInMemorySchemaSource({ 1: old });
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
  const source = createInMemorySchemaSource({});
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
  const deserializer = createAvroDeserializer({ source: createInMemorySchemaSource({}) });
  expect(deserializer.prepare(null, context)).toBeUndefined();
  expect(deserializer.decode(null, context)).toBeNull();
});

test('keeps at most maxWriters readers and fetches a dropped one again', async () => {
  const source = createInMemorySchemaSource({ 1: '"string"', 2: '"string"', 3: '"string"' });
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
  const codec = createAvroCodec({ schema: reader, id: 2, source: createInMemorySchemaSource({ 1: writer }) });
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
    const codec = createAvroCodec({ schema: reader, id: 2, source: createInMemorySchemaSource({ 1: writer }) });
    const message = createAvroCodec({ schema: writer, id: 1 }).encode({ a: value });
    await codec.prepare(message);
    expect(codec.decode(message)).toEqual({ a: expected });
  },
);

test('says when no reader can be derived', async () => {
  const source = createInMemorySchemaSource({ 1: record({ name: 'a', type: 'string' }) });
  const codec = createAvroCodec({ schema: record({ name: 'a', type: 'int' }), id: 2, source });
  const message = createAvroCodec({ schema: record({ name: 'a', type: 'string' }), id: 1 }).encode({ a: 'x' });
  await expect(codec.prepare(message)).rejects.toMatchObject({ code: 'incompatible_schema' });
});

test('a registry may lay out the same text differently', async () => {
  const schema = record({ name: 'a', type: 'int' });
  const source = createInMemorySchemaSource({ 1: JSON.stringify(JSON.parse(schema), null, 2) });
  const codec = createAvroCodec({ schema, id: 2, source });
  const message = createAvroCodec({ schema, id: 1 }).encode({ a: 5 });
  await codec.prepare(message);
  expect(codec.decode(message)).toEqual({ a: 5 });
});

test('every kind of field is read in a schema that has one more', async () => {
  const fields = [
    { name: 'nullable', type: ['null', 'double'], default: null },
    { name: 'name', type: ['null', 'string'], default: null },
    { name: 'kind', type: ['null', { type: 'enum', name: 'Kind', symbols: ['A', 'B'] }], default: null },
    { name: 'map', type: { type: 'map', values: 'long' } },
    { name: 'json', type: ['null', { type: 'string', logicalType: 'json' }], default: null },
    { name: 'large', type: 'long' },
  ];
  const writer = record(...fields);
  const reader = record({ name: 'added', type: 'string', default: 'new' }, ...[...fields].reverse());
  const value = {
    nullable: 1.5,
    name: 'KRW-BTC',
    kind: 'B',
    map: JSON.parse('{"__proto__":1,"a":2}') as object,
    json: { a: [1, { b: null }] },
    large: -(2 ** 52) - 1,
  };
  const codec = createAvroCodec({ schema: reader, id: 2, source: createInMemorySchemaSource({ 1: writer }) });
  const message = createAvroCodec({ schema: writer, id: 1 }).encode(value);
  await codec.prepare(message);
  expect(codec.decode(message)).toEqual({ added: 'new', ...value });
  const absent = createAvroCodec({ schema: writer, id: 1 }).encode({ map: {}, large: 1 });
  expect(codec.decode(absent)).toEqual({
    added: 'new',
    nullable: null,
    name: null,
    kind: null,
    map: {},
    json: null,
    large: 1,
  });
});

test('hostile bytes of another writer meet the same guard', async () => {
  const codec = createAvroCodec({
    schema: '{"type":"array","items":"long"}',
    id: 2,
    source: createInMemorySchemaSource({ 1: '{"type":"array","items":"int"}' }),
  });
  const bomb = Buffer.from([0, 0, 0, 0, 1, 0x80, 0x87, 0xa7, 0x0e, 1, 1]);
  await codec.prepare(bomb);
  expect(() => codec.decode(bomb)).toThrow(
    expect.objectContaining({ code: 'invalid_bytes', offset: expect.any(Number) }),
  );
});
