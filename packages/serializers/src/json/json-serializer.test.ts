import { expect, test } from 'vitest';
import { createJsonDeserializer, createJsonSerializer, createKeySerializer } from './json-serializer.js';

const context = { topic: 't' };
const json = createJsonSerializer();
const text = (value: unknown): string | undefined => json.encode(value, context)?.toString();

test('writes what the engine writes', () => {
  for (const value of [
    { a: [1, 'é', null, { b: true }] },
    [],
    'text',
    0,
    false,
    { at: new Date(0), skip: undefined },
  ]) {
    expect(text(value)).toBe(JSON.stringify(value));
  }
});

test('writes a BigInt as its digits', () => {
  expect(text({ id: 2n ** 64n })).toBe('{"id":"18446744073709551616"}');
});

test('passes bytes through without a copy', () => {
  const bytes = Buffer.from('already');
  expect(json.encode(bytes, context)).toBe(bytes);
  expect(json.encode(new Uint8Array([1, 2]), context)).toEqual(Buffer.of(1, 2));
});

test('null and undefined are tombstones', () => {
  expect(json.encode(null, context)).toBeNull();
  expect(json.encode(undefined, context)).toBeNull();
});

test('says why a value cannot be written', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(() => json.encode(circle, context)).toThrow(expect.objectContaining({ code: 'invalid_value' }));
  expect(() => json.encode(() => 1, context)).toThrow('A function cannot be written as JSON');
});

test('reads JSON bytes and refuses the rest', () => {
  const deserializer = createJsonDeserializer();
  expect(deserializer.decode(Buffer.from('{"a":"é"}'), context)).toEqual({ a: 'é' });
  expect(deserializer.decode(null, context)).toBeNull();
  for (const bytes of [Buffer.from('{'), Buffer.alloc(0), Buffer.of(0x22, 0xff, 0x22)]) {
    expect(() => deserializer.decode(bytes, context)).toThrow(expect.objectContaining({ code: 'invalid_bytes' }));
  }
});

test('keys are text without quotes', () => {
  const keys = createKeySerializer();
  expect(keys.encode('KRW-BTC', context)?.toString()).toBe('KRW-BTC');
  expect(keys.encode(7, context)?.toString()).toBe('7');
  expect(keys.encode(2n ** 64n, context)?.toString()).toBe('18446744073709551616');
  expect(keys.encode({ a: 1 }, context)?.toString()).toBe('{"a":1}');
  expect(keys.encode(null, context)).toBeNull();
});
