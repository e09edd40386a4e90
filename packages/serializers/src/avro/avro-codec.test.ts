import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SerializationError } from '../serialization-error.js';
import type { MessageHeaders } from '../serializer.js';
import { createAvroCodec } from './avro-codec.js';

const avsc = (file: string): string => readFileSync(new URL(`../../../../schemas/${file}`, import.meta.url), 'utf8');

const errorOf = (run: () => unknown): SerializationError => {
  try {
    run();
  } catch (error) {
    if (error instanceof SerializationError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

const trade = {
  code: 'KRW-BTC',
  trade_timestamp: 1_730_336_862.082,
  trade_price: 100_473_000,
  trade_volume: 0.00014208,
  ask_bid: -1,
  sequential_id: '17303368620820000123',
  trade_amount: 14_275.2,
  stream_type: 'REALTIME',
  received_at: 1_730_336_862.1234,
};
const tradeBatch = {
  exchange: 'upbit',
  region: 'korea',
  request_type: 'trade',
  timestamp_ms: 1_730_336_862_082,
  batch_size: 1,
  data: [trade],
};

test('writes a v0 frame and reads the same value back, ids digit for digit', () => {
  const codec = createAvroCodec<typeof tradeBatch>({ schema: avsc('trade_data.avsc'), id: 0x01020304 });
  const message = codec.encode(tradeBatch);
  expect([...message.subarray(0, 5)]).toEqual([0, 1, 2, 3, 4]);
  expect(codec.decode(message)).toMatchObject(tradeBatch);
});

test('messages do not share memory with the next one', () => {
  const codec = createAvroCodec<string>({ schema: '"string"', id: 1 });
  const first = codec.encode('first');
  codec.encode('other');
  expect(codec.decode(first)).toBe('first');
});

test('grows its scratch buffer to any size and keeps the frame', () => {
  const codec = createAvroCodec<string>({ schema: '"string"', id: 7 });
  for (const length of [0, 1_000, 1_018, 1_019, 1_024, 5_000, 3_000_000, 10]) {
    const text = 'x'.repeat(length);
    const message = codec.encode(text);
    expect(codec.decode(message)).toBe(text);
    expect(message.readInt32BE(1)).toBe(7);
  }
});

test('an error names the failing field by its path', () => {
  const codec = createAvroCodec({ schema: avsc('trade_data.avsc'), id: 1 });
  const error = errorOf(() => codec.encode({ ...tradeBatch, data: [trade, { ...trade, trade_price: '100' }] }));
  expect(error).toMatchObject({ code: 'invalid_value', path: '/data/1/trade_price', retryable: false });
  expect(error.message).toContain('/data/1/trade_price is string "100", not null or double');
});

test('a BigInt where a number belongs is an error with a path, not a crash of the error formatter', () => {
  const codec = createAvroCodec({ schema: avsc('trade_data.avsc'), id: 1 });
  expect(errorOf(() => codec.encode({ ...tradeBatch, timestamp_ms: 5n }))).toMatchObject({ path: '/timestamp_ms' });
});

test('carries 64-bit longs as BigInt on request', () => {
  const codec = createAvroCodec<bigint>({ schema: '"long"', id: 1, longs: 'bigint' });
  for (const value of [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    expect(codec.decode(codec.encode(value))).toBe(value);
  }
  expect(errorOf(() => codec.encode(2n ** 63n)).code).toBe('invalid_value');
  const plain = createAvroCodec({ schema: '"long"', id: 1 });
  expect(errorOf(() => plain.decode(codec.encode(2n ** 60n))).code).toBe('invalid_bytes');
});

test('drops undeclared fields unless told to reject them', () => {
  const schema = '{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}';
  const lenient = createAvroCodec({ schema, id: 1 });
  expect(lenient.decode(lenient.encode({ a: 1, b: 2 }))).toEqual({ a: 1 });
  const strict = createAvroCodec({ schema, id: 1, undeclaredFields: 'reject' });
  expect(errorOf(() => strict.encode({ a: 1, b: 2 }))).toMatchObject({ code: 'invalid_value', path: '/b' });
  expect(errorOf(() => strict.encode({ a: 'x' }))).toMatchObject({ code: 'invalid_value', path: '/a' });
  expect(strict.decode(strict.encode({ a: 1 }))).toEqual({ a: 1 });
});

test('absent nullable fields are null, with and without a default', () => {
  const schema =
    '{"type":"record","name":"R","fields":[{"name":"a","type":["null","int"]},{"name":"b","type":["string","null"]}]}';
  const codec = createAvroCodec({ schema, id: 1 });
  expect(codec.decode(codec.encode({}))).toEqual({ a: null, b: null });
});

test('other defaults are written when the field is absent', () => {
  const schema =
    '{"type":"record","name":"R","fields":[{"name":"a","type":["string","null"],"default":"x"},{"name":"b","type":"int","default":3}]}';
  const codec = createAvroCodec({ schema, id: 1 });
  expect(codec.decode(codec.encode({ b: 4 }))).toEqual({ a: 'x', b: 4 });
  expect(codec.decode(codec.encode({ a: null }))).toEqual({ a: null, b: 3 });
});

test('an enum accepts its own symbols only', () => {
  const schema = '{"type":"enum","name":"E","symbols":["A","B"]}';
  const codec = createAvroCodec({ schema, id: 1 });
  expect(codec.decode(codec.encode('B'))).toBe('B');
  for (const symbol of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'C']) {
    expect(errorOf(() => codec.encode(symbol)).code).toBe('invalid_value');
  }
});

test('an enum used a second time by its name is as strict', () => {
  const schema = JSON.stringify({
    type: 'record',
    name: 'R',
    fields: [
      { name: 'a', type: { type: 'enum', name: 'E', symbols: ['A'] } },
      { name: 'b', type: ['null', 'E'] },
    ],
  });
  const codec = createAvroCodec({ schema, id: 1 });
  expect(errorOf(() => codec.encode({ a: 'A', b: 'constructor' })).path).toBe('/b');
});

test('a map keeps the key "__proto__" as a key', () => {
  const codec = createAvroCodec<Record<string, number>>({ schema: '{"type":"map","values":"int"}', id: 1 });
  const map = JSON.parse('{"__proto__":1,"constructor":2,"a":3}') as Record<string, number>;
  const read = codec.decode(codec.encode(map));
  expect(Object.entries(read)).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
    ['a', 3],
  ]);
  expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
});

test('objects of any shape travel as JSON text where the schema says so', () => {
  const codec = createAvroCodec({ schema: avsc('error_event.avsc'), id: 1 });
  const event = {
    action: 'error',
    ticket_id: 'b6f2c9a8-1c1e-4a7e-8f7e-0c9a4a1b2c3d',
    timestamp_utc: '2024-10-31T01:07:42.082Z',
    error: {
      error_domain: 'connection',
      error_code: 'connect_failed',
      error_message: { text: 'no', tries: [1, null] },
    },
    meta: { schema_version: '1.0', raw_context: { a: { b: [true] } } },
  };
  expect(codec.decode(codec.encode(event))).toMatchObject(event);
});

test('a v1 frame names the schema in a header and leaves the body bare', () => {
  const guid = '5f2c9a81-1c1e-4a7e-8f7e-0c9a4a1b2c3d';
  const codec = createAvroCodec<string>({ schema: '"string"', guid, frame: 'v1' });
  const headers: MessageHeaders = {};
  const body = codec.encode('hello', { topic: 't', headers });
  expect(body).toEqual(Buffer.from('\x0ahello'));
  expect(headers.__value_schema_id).toEqual(Buffer.from(`01${guid.replaceAll('-', '')}`, 'hex'));
  expect(codec.decode(body, { topic: 't', headers })).toBe('hello');
  const bare = { __value_schema_id: (headers.__value_schema_id as Buffer).subarray(1) };
  expect(codec.decode(body, { topic: 't', headers: bare })).toBe('hello');
  expect(() => codec.encode('x')).toThrow(/Pass a context with a headers object/);
});

test('a top-level bytes schema is the bytes themselves behind the frame', () => {
  const codec = createAvroCodec<Buffer>({ schema: '"bytes"', id: 9 });
  const message = codec.encode(Buffer.of(1, 2, 3));
  expect([...message]).toEqual([0, 0, 0, 0, 9, 1, 2, 3]);
  expect([...codec.decode(message)]).toEqual([1, 2, 3]);
});

test.each([
  ['no bytes', Buffer.alloc(0)],
  ['text', Buffer.from('{"a":1}')],
  ['a frame cut short', Buffer.of(0, 0, 0)],
])('refuses %s as a frame', (_name, bytes) => {
  const codec = createAvroCodec({ schema: '"string"', id: 1 });
  expect(errorOf(() => codec.decode(bytes)).code).toBe('invalid_frame');
  expect(errorOf(() => void codec.prepare(bytes)).code).toBe('invalid_frame');
});

test('refuses messages that are too short or too long for their schema', () => {
  const codec = createAvroCodec<string>({ schema: '"string"', id: 1 });
  const message = codec.encode('hello');
  expect(errorOf(() => codec.decode(message.subarray(0, -1))).code).toBe('invalid_bytes');
  expect(errorOf(() => codec.decode(Buffer.concat([message, Buffer.of(0)]))).code).toBe('invalid_bytes');
});

test('names what is wrong with a schema or an option', () => {
  expect(errorOf(() => createAvroCodec({ schema: '{', id: 1 })).code).toBe('invalid_schema');
  expect(errorOf(() => createAvroCodec({ schema: '{"type":"recrd"}', id: 1 })).code).toBe('invalid_schema');
  expect(errorOf(() => createAvroCodec({ schema: '"string"' })).message).toContain('Option "id" is undefined');
  expect(errorOf(() => createAvroCodec({ schema: '"string"', frame: 'v1', guid: 'x' })).code).toBe('invalid_option');
});

test('reads a schema whose names are defined by its references', () => {
  const reference = '{"type":"record","name":"Target","namespace":"n","fields":[{"name":"exchange","type":"string"}]}';
  const schema = '{"type":"record","name":"E","fields":[{"name":"target","type":"n.Target"}]}';
  const codec = createAvroCodec({ schema, references: [reference], id: 1 });
  const value = { target: { exchange: 'upbit' } };
  expect(codec.decode(codec.encode(value))).toEqual(value);
});
