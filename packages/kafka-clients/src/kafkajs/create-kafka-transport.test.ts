import { expect, test } from 'vitest';
import { createKafkaTransport } from './create-kafka-transport.js';

test.each([
  ['brokers is', { brokers: [] }],
  ['connectionTimeoutMs is NaN', { connectionTimeoutMs: Number.NaN }],
  ['connectionTimeoutMs is 0', { connectionTimeoutMs: 0 }],
  ['metadataMaxAgeMs is -1', { metadataMaxAgeMs: -1 }],
  ['metadataMaxAgeMs is Infinity', { metadataMaxAgeMs: Number.POSITIVE_INFINITY }],
])('refuses what cannot be meant: %s', (message, options) => {
  expect(() => createKafkaTransport({ brokers: ['127.0.0.1:9092'], ...options })).toThrow(message);
});
