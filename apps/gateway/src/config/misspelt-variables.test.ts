import { expect, test } from 'vitest';
import { misspeltVariables } from './misspelt-variables.js';

test('a variable that looks like a setting and is none is told with the one that is meant', () => {
  expect(
    misspeltVariables({
      NARU_SPOOL_DIR: '/spool',
      KAFKA_BROKER: 'a:1',
      SCHEMA_REGISTRY_URI: 'http://a',
      REDIS_ULR: 'b',
    }),
  ).toEqual([
    'NARU_SPOOL_DIR is not read; is NARU_SPOOL_DIRECTORY meant?',
    'KAFKA_BROKER is not read; is KAFKA_BROKERS meant?',
    'SCHEMA_REGISTRY_URI is not read; is SCHEMA_REGISTRY_URL meant?',
    'REDIS_ULR is not read; is REDIS_URL meant?',
  ]);
});

test('what is a setting, or for another purpose, is passed over', () => {
  expect(
    misspeltVariables({
      NARU_CONFIG: 'a.yaml',
      NARU_SPOOL_DIRECTORY: '/spool',
      REDIS_PASSWORD_FILE: '/secret',
      NARU_PORT: 'tcp://10.0.0.1:9464',
      NARU_SERVICE_HOST: '10.0.0.1',
      KAFKA_HOME: '/opt/kafka',
      KAFKA_OPTS: '-Xmx1g',
      PATH: '/bin',
    }),
  ).toEqual([]);
});
