import type { Logger } from '@naru/core';
import { silentLogger } from '@naru/core';
import { expect, test } from 'vitest';
import { createAvroDeserializer, createAvroSerializer } from '../avro/avro-serializer.js';
import { createInMemorySchemaSource } from '../testing/schema-source.js';
import { createUnifiedDeserializer } from './unified-deserializer.js';
import { createUnifiedSerializer } from './unified-serializer.js';

const recordingLogger = (): Logger & { readonly warnings: string[] } => {
  const warnings: string[] = [];
  return { ...silentLogger, warnings, warn: (message) => void warnings.push(message) };
};

const avro = createAvroSerializer({ schema: '"string"', id: 1 });

test('a topic with a fixed format keeps it, with one warning and the reason', () => {
  const logger = recordingLogger();
  const serializer = createUnifiedSerializer({ avro: () => avro, logger });
  for (let turn = 0; turn < 3; turn++) {
    expect(serializer.encode('x', { topic: 'ws.error', format: 'avro' })?.toString()).toBe('"x"');
  }
  expect(logger.warnings).toEqual([
    'Topic ws.error is written as json, not as avro: errors must be readable when the registry is what failed.',
  ]);
  expect(serializer.encode('x', { topic: 'realtime.ticker.eu', format: 'json' })?.[0]).toBe(0);
  expect(logger.warnings).toHaveLength(2);
});

test('elsewhere the caller decides, and JSON is written when nobody does', () => {
  const serializer = createUnifiedSerializer({ avro: () => avro });
  expect(serializer.encode('x', { topic: 'orders' })?.toString()).toBe('"x"');
  expect(serializer.encode('x', { topic: 'orders', format: 'avro' })?.[0]).toBe(0);
  const preferring = createUnifiedSerializer({ avro: () => avro, defaultFormat: 'avro' });
  expect(preferring.encode('x', { topic: 'orders' })?.[0]).toBe(0);
});

test('bytes pass through unchanged on every topic, and keys are text', () => {
  const serializer = createUnifiedSerializer();
  const bytes = Buffer.from('as they came');
  expect(serializer.encode(bytes, { topic: 'ws.dlq' })).toBe(bytes);
  expect(serializer.encode(bytes, { topic: 'ws.metrics' })).toBe(bytes);
  expect(serializer.encode('KRW-BTC', { topic: 'ws.metrics', part: 'key' })?.toString()).toBe('KRW-BTC');
});

test('says when an Avro topic has no serializer', () => {
  expect(() => createUnifiedSerializer().encode({}, { topic: 'ws.metrics' })).toThrow(
    'Topic ws.metrics is written as Avro and there is no serializer for it.',
  );
  expect(() => createUnifiedDeserializer().decode(Buffer.alloc(9), { topic: 'ws.metrics' })).toThrow(
    'Topic ws.metrics carries Avro and there is no deserializer for it.',
  );
});

test('one topic may carry several schemas, chosen by the value', () => {
  const longs = createAvroSerializer({ schema: '"long"', id: 2 });
  const serializer = createUnifiedSerializer({ avro: (_context, value) => (typeof value === 'number' ? longs : avro) });
  expect(serializer.encode(5, { topic: 'ws.metrics' })?.readInt32BE(1)).toBe(2);
  expect(serializer.encode('5', { topic: 'ws.metrics' })?.readInt32BE(1)).toBe(1);
});

test('a reader tells Avro from JSON on topics that leave the choice', async () => {
  const deserializer = createUnifiedDeserializer({
    avro: createAvroDeserializer({ source: createInMemorySchemaSource({ 1: '"string"' }) }),
  });
  const context = { topic: 'orders' };
  const message = avro.encode('framed', context)!;
  await deserializer.prepare(message, context);
  expect(deserializer.decode(message, context)).toBe('framed');
  expect(deserializer.decode(Buffer.from('{"a":1}'), context)).toEqual({ a: 1 });
  expect(deserializer.decode(Buffer.from('KRW-BTC'), { topic: 'orders', part: 'key' })).toBe('KRW-BTC');
});
