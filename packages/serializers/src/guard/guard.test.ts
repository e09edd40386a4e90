import { expect, test } from 'vitest';
import { createAvroCodec } from '../avro/avro-codec.js';
import { SerializationError } from '../serialization-error.js';
import { createGuard } from './guard.js';
import type { GuardLimits } from './guard-limits.js';

const refusal = (schema: unknown, bytes: readonly number[], limits?: GuardLimits): SerializationError => {
  try {
    createGuard({ schema: JSON.stringify(schema) }, { limits }).check(Buffer.from(bytes), 0);
  } catch (error) {
    if (error instanceof SerializationError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

const long = (value: bigint): number[] => {
  let zigzag = value >= 0n ? value << 1n : (-value << 1n) - 1n;
  const bytes: number[] = [];
  for (; zigzag > 0x7fn; zigzag >>= 7n) bytes.push(Number(zigzag & 0x7fn) | 0x80);
  return [...bytes, Number(zigzag)];
};

test('six bytes that ask for 2^32 − 2 nulls are refused', () => {
  const bytes = [...long(2n ** 32n - 2n), 0];
  expect(bytes).toHaveLength(6);
  expect(refusal({ type: 'array', items: 'null' }, bytes)).toMatchObject({ code: 'guard_limit' });
  const codec = createAvroCodec({ schema: '{"type":"array","items":"null"}', id: 1 });
  expect(() => codec.decode(Buffer.from([0, 0, 0, 0, 1, ...bytes]))).toThrow(
    expect.objectContaining({ code: 'guard_limit' }),
  );
});

test('a truncated array that claims 30 million longs is refused before any is read', () => {
  expect(refusal({ type: 'array', items: 'long' }, [...long(30_000_000n), 1, 1])).toMatchObject({
    code: 'invalid_bytes',
    message: expect.stringContaining('a block of 30000000 items needs at least 30000000 bytes and 2 remain'),
  });
});

test('five million items are refused when the limit is lower, although the bytes are all there', () => {
  const bytes = Buffer.concat([Buffer.from(long(5_000_000n)), Buffer.alloc(5_000_000), Buffer.of(0)]);
  const codec = createAvroCodec({ schema: '{"type":"array","items":"int"}', id: 1 });
  const message = Buffer.concat([Buffer.of(0, 0, 0, 0, 1), bytes]);
  expect(() => codec.decode(message)).toThrow(/more than 1000000 items/);
});

test('many blocks of few items count together', () => {
  const bytes = [...Array.from({ length: 20 }, () => 2), 0];
  expect(
    refusal({ type: 'array', items: { type: 'record', name: 'E', fields: [] } }, bytes, { maxEmptyItems: 19 }),
  ).toMatchObject({
    code: 'guard_limit',
    message: expect.stringContaining('more than 19 items that take no bytes'),
  });
  createGuard({ schema: '{"type":"array","items":"null"}' }, { limits: { maxEmptyItems: 20 } }).check(
    Buffer.from(bytes),
    0,
  );
});

test('negative block counts are held to the same bounds', () => {
  expect(refusal({ type: 'array', items: 'long' }, [...long(-30_000_000n), ...long(2n), 1, 1, 0])).toMatchObject({
    code: 'invalid_bytes',
  });
  createGuard({ schema: '{"type":"array","items":"long"}' }).check(
    Buffer.from([...long(-2n), ...long(2n), 1, 1, 0]),
    0,
  );
});

test('records inside records are followed to a depth and no further', () => {
  const schema = { type: 'record', name: 'Node', fields: [{ name: 'next', type: ['null', 'Node'] }] };
  const nested = (depth: number): number[] => [...Array.from({ length: depth - 1 }, () => 2), 0];
  createGuard({ schema: JSON.stringify(schema) }).check(Buffer.from(nested(64)), 0);
  expect(refusal(schema, nested(65))).toMatchObject({ code: 'guard_limit' });
  expect(refusal(schema, nested(100_000))).toMatchObject({ code: 'guard_limit' });
});

test('messages and strings have a greatest size', () => {
  expect(refusal('string', [...long(5n), 65, 65, 65, 65, 65], { maxStringBytes: 4 })).toMatchObject({
    code: 'guard_limit',
  });
  expect(refusal('string', [...long(5n), 65, 65, 65, 65, 65], { maxBytes: 4 })).toMatchObject({ code: 'guard_limit' });
  expect(refusal('string', long(-1n))).toMatchObject({ code: 'invalid_bytes' });
  expect(refusal('string', long(2n ** 62n))).toMatchObject({ code: 'invalid_bytes' });
});

test.each([
  ['a union branch that does not exist', ['null', 'int'], [4, 2]],
  ['a negative union branch', ['null', 'int'], [1, 2]],
  ['an enum symbol that does not exist', { type: 'enum', name: 'E', symbols: ['A'] }, [2]],
  ['an int of more than 32 bits', 'int', long(2n ** 31n)],
  ['a long that a number cannot hold', 'long', long(2n ** 53n - 1n)],
  ['a number of eleven bytes', 'long', [...Array.from({ length: 10 }, () => 0x80), 0]],
  ['a number without an end', 'long', [0x80, 0x80]],
  ['a boolean that is neither', 'boolean', [2]],
  ['a double cut short', 'double', [0, 0, 0]],
  ['bytes behind the value', 'int', [2, 2]],
  ['nothing at all', 'int', []],
] as const)('refuses %s', (_title, schema, bytes) => {
  expect(refusal(schema, bytes)).toMatchObject({ code: 'invalid_bytes' });
});

test('says at which field and byte it stopped', () => {
  const schema = {
    type: 'record',
    name: 'R',
    fields: [{ name: 'items', type: { type: 'array', items: { type: 'map', values: ['null', 'string'] } } }],
  };
  // one item, one entry "k/": a string of length 9 with one byte left
  const error = refusal(schema, [2, 2, 4, 107, 47, 2, 18, 65]);
  expect(error.path).toBe('/items/0/k~1');
  expect(error.message).toContain('at /items/0/k~1 (byte 7)');
});

test('a map entry is counted with its key', () => {
  expect(refusal({ type: 'map', values: 'null' }, [...long(10n), 0, 0])).toMatchObject({ code: 'invalid_bytes' });
});

test('mutually recursive records have their true smallest size', () => {
  const schema = {
    type: 'record',
    name: 'A',
    fields: [
      { name: 'b', type: ['null', { type: 'record', name: 'B', fields: [{ name: 'a', type: 'A' }] }] },
      { name: 'all', type: { type: 'array', items: 'B' } },
    ],
  };
  // one B, whose A is {b: null, all: []}
  createGuard({ schema: JSON.stringify(schema) }).check(Buffer.from([0, 2, 0, 0, 0]), 0);
  expect(refusal(schema, [0, 4, 0, 0, 0])).toMatchObject({ code: 'invalid_bytes' });
});

test('with the guard off a failed decode still names the field', () => {
  const schema = '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"b","type":"string"}]}';
  const codec = createAvroCodec({ schema, id: 1, guard: false });
  const message = codec.encode({ a: 1, b: 'hello' });
  expect(() => codec.decode(message.subarray(0, -1))).toThrow(expect.objectContaining({ path: '/b' }));
});

test('text that should be JSON and is not is found by its field', () => {
  const field = { name: 'x', type: { type: 'string', logicalType: 'json' } };
  const codec = createAvroCodec({ schema: JSON.stringify({ type: 'record', name: 'R', fields: [field] }), id: 1 });
  const plain = createAvroCodec({
    schema: '{"type":"record","name":"R","fields":[{"name":"x","type":"string"}]}',
    id: 1,
  });
  expect(() => codec.decode(plain.encode({ x: '{' }))).toThrow(
    expect.objectContaining({
      code: 'invalid_bytes',
      path: '/x',
      message: expect.stringContaining('the text is not JSON'),
    }),
  );
});

test('refuses impossible limits', () => {
  expect(() => createGuard({ schema: '"int"' }, { limits: { maxDepth: 0 } })).toThrow('Guard option "maxDepth" is 0');
  expect(() => createGuard({ schema: '"int"' }, { limits: { maxItems: 1.5 } })).toThrow(
    'Guard option "maxItems" is 1.5',
  );
});
