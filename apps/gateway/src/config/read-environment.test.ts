import { expect, test } from 'vitest';
import { defaultConfig } from './gateway-config.js';
import { readEnvironment, variables } from './read-environment.js';

test('an empty environment runs everything embedded', () => {
  expect(readEnvironment({})).toEqual(defaultConfig);
  expect(defaultConfig.kafka.brokers).toBe('embedded');
});

test('addresses lead to real servers', () => {
  const config = readEnvironment({
    KAFKA_BROKERS: 'a:9092, [::1]:9093',
    SCHEMA_REGISTRY_URL: 'https://registry/apis/ccompat/v7',
    REDIS_URL: 'rediss://:secret@cache:6380/1',
    NARU_ALLOWED_HOSTS: '127.0.0.1:9443',
    NARU_BATCH_WAIT_MS: '0',
  });
  expect(config.kafka.brokers).toEqual(['a:9092', '[::1]:9093']);
  expect(config.registry.url).toBe('https://registry/apis/ccompat/v7');
  expect(config.redis.url).toBe('rediss://:secret@cache:6380/1');
  expect(config.connections.allowedHosts).toEqual(['127.0.0.1:9443']);
  expect(config.publishing.maxBatchWaitMs).toBe(0);
});

test('every problem is listed, and no value, which may be a secret', () => {
  expect(() =>
    readEnvironment({
      KAFKA_BROKERS: 'nowhere',
      REDIS_URL: 'http://:hunter2@cache',
      NARU_LINGER_MS: '-1',
      NARU_LOG_LEVEL: 'loud',
      NARU_REGISTER_SCHEMAS: 'yes',
    }),
  ).toThrow(
    expect.objectContaining({
      code: 'invalid_configuration',
      message: expect.not.stringContaining('hunter2'),
    }),
  );
  try {
    readEnvironment({ KAFKA_BROKERS: 'nowhere', NARU_LINGER_MS: '1.5', NARU_LOG_LEVEL: 'loud' });
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message.split('\n')).toHaveLength(4);
  }
});

test('every variable that is documented is read, and has no use for nonsense unless it is free text', () => {
  const free = new Set(['NARU_CLIENT_ID', 'NARU_GROUP_ID', 'NARU_OPERATIONS_HOST']);
  for (const { name } of variables) {
    if (free.has(name)) continue;
    expect(() => readEnvironment({ [name]: 'no/sen se@' }), name).toThrow(name);
  }
});
