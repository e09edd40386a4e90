import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeConfig, defaultConfig } from './complete-config.js';
import { findConfig, readConfig } from './read-config.js';
import { placedSettings } from './setting.js';
import { settings } from './settings.js';
import { settingsMarkdown } from './settings-markdown.js';
import { shownConfig } from './shown-config.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naru-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fromEnvironment = (environment: Record<string, string>) => readConfig({ environment });

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

function problemsOf(sources: Parameters<typeof readConfig>[0]): string[] {
  try {
    readConfig(sources);
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_configuration' });
    return (error as Error).message
      .split('\n')
      .slice(1)
      .map((line) => line.trim().replaceAll(`${folder}/`, ''));
  }
  throw new Error('no problem was found');
}

test('an empty environment runs everything embedded', () => {
  expect(fromEnvironment({})).toEqual(defaultConfig);
  expect(defaultConfig.kafka.brokers).toBe('embedded');
});

test('addresses lead to real servers', () => {
  const config = fromEnvironment({
    KAFKA_BROKERS: 'a:9092, [::1]:9093',
    SCHEMA_REGISTRY_URL: 'https://registry/apis/ccompat/v7',
    REDIS_URL: 'rediss://:secret@cache:6380/1',
    NARU_ALLOWED_HOSTS: '127.0.0.1:9443',
    NARU_EXCHANGE_HOSTS: 'upbit=a:1, upbit=b,okx=c',
    NARU_BATCH_WAIT_MS: '0',
    NARU_TOPIC_PREFIX: 'blue.',
    NARU_TOPIC_ERROR: 'errors',
  });
  expect(config.kafka.brokers).toEqual(['a:9092', '[::1]:9093']);
  expect(config.registry.url).toBe('https://registry/apis/ccompat/v7');
  expect(config.redis.url).toBe('rediss://:secret@cache:6380/1');
  expect(config.connections.allowedHosts).toEqual(['127.0.0.1:9443']);
  expect(config.connections.exchangeHosts).toEqual({ upbit: ['a:1', 'b'], okx: ['c'] });
  expect(config.publishing.maxBatchWaitMs).toBe(0);
  expect(config.topics).toMatchObject({ command: 'blue.ws.command', error: 'blue.errors' });
});

test('a file is nested like the settings, and the environment wins over it', async () => {
  const file = await write(
    'gateway.yaml',
    `
kafka:
  brokers: [a:9092, b:9092]
  clientId: from-the-file
  sasl: { mechanism: plain, username: naru, passwordFile: ${await write('password', 'hunter2\n')} }
connections:
  exchangeHosts: { upbit: [proxy:443], okx: other }
  allowedPrivateAddresses: 10.0.0.0/8
publishing: { lingerMs: 7 }
redis:
logLevel: warn
`,
  );
  const { config, found } = findConfig({ environment: { NARU_LOG_LEVEL: 'error', NARU_LINGER_MS: '' }, file });
  expect(config).toMatchObject({
    kafka: { brokers: ['a:9092', 'b:9092'], clientId: 'from-the-file', sasl: { password: 'hunter2' } },
    connections: {
      exchangeHosts: { upbit: ['proxy:443'], okx: ['other'] },
      allowedPrivateAddresses: ['10.0.0.0/8'],
    },
    publishing: { lingerMs: 7, maxBatchRecords: 100 },
    logLevel: 'error',
  });
  const origin = (path: string) => found.find((one) => one.path === path)?.from;
  expect([origin('logLevel'), origin('publishing.maxBatchRecords')]).toEqual(['NARU_LOG_LEVEL', 'default']);
  expect(origin('publishing.lingerMs')).toContain(':9 ');
  expect(readConfig({ environment: { NARU_CONFIG: file } }).kafka.clientId).toBe('from-the-file');
});

test('what is printed carries no secret', () => {
  const { found } = findConfig({
    environment: {
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'naru',
      KAFKA_SASL_PASSWORD: 'canary',
      KAFKA_TLS_CERT: '-----BEGIN CERTIFICATE-----',
      KAFKA_TLS_KEY: '-----BEGIN PRIVATE KEY-----canary',
      REDIS_URL: 'redis://canary:canary@cache:6379/0?password=canary',
      SCHEMA_REGISTRY_URL: 'http://canary:canary@registry/',
      SCHEMA_REGISTRY_TOKEN: 'canary',
      NARU_OPERATIONS_TOKEN: 'canary',
      REDIS_PASSWORD: 'canary',
    },
  });
  const shown = JSON.stringify(found.map(({ shown }) => shown));
  expect(shown).not.toContain('canary');
  expect(shown).toContain('redis://cache:6379/0');
});

test('a configuration in use is shown nested as it is, without its secrets', () => {
  const shown = shownConfig(
    completeConfig({
      kafka: { sasl: { mechanism: 'plain', username: 'naru', password: 'canary' }, tls: { key: '-----BEGIN canary' } },
      registry: { url: 'http://u:canary@registry/', token: 'canary' },
      operations: { token: 'canary' },
    }),
  );
  expect(JSON.stringify(shown)).not.toContain('canary');
  expect(shown).toMatchObject({
    kafka: { brokers: 'embedded', sasl: { username: 'naru', password: '[redacted]' } },
    registry: { url: 'http://registry/' },
    topics: { command: 'ws.command' },
  });
});

test('every problem is listed at once with its place, and no value, which may be a secret', async () => {
  const file = await write(
    'wrong.yaml',
    ['kafka:', '  brokrs: hunter2:9092', '  tls: hunter2', 'publishing:', '  lingerMs: [hunter2]', 'nonsense: 1'].join(
      '\n',
    ),
  );
  const problems = problemsOf({
    environment: {
      KAFKA_BROKERS: 'hunter2',
      REDIS_URL: 'http://:hunter2@cache',
      NARU_LOG_LEVEL: 'hunter2',
      NARU_REGISTER_SCHEMAS: 'yes',
      REDIS_PASSWORD_FILE: join(folder, 'missing'),
    },
    file,
  });
  expect(problems).toEqual([
    'wrong.yaml:3 kafka.tls holds further names; indent them below it',
    'wrong.yaml:2 kafka.brokrs is unknown; is kafka.brokers meant?',
    'wrong.yaml:6 nonsense is unknown',
    'KAFKA_BROKERS takes host:port[,host:port…]',
    'NARU_REGISTER_SCHEMAS takes true or false',
    'REDIS_URL takes redis(s) URL',
    'REDIS_PASSWORD_FILE: missing cannot be read (ENOENT); check path and rights',
    'wrong.yaml:5 publishing.lingerMs takes 0 to 60000',
    'NARU_LOG_LEVEL takes debug, info, warn, error, silent',
  ]);
});

test.each([
  ['a name that stands twice', 'logLevel: info\nlogLevel: hunter2', ['f.yaml:2 a name stands there twice; keep one']],
  ['no YAML', 'kafka: [hunter2', ['f.yaml:1 a bracket is not closed, or the indentation fits no line above']],
  ['no map', 'hunter2', ['f.yaml:1 begin with a name such as "kafka:"']],
  [
    'an alias bomb',
    bomb(),
    expect.arrayContaining(['f.yaml:9 uses an alias that cannot be followed; write the value itself']),
  ],
])('%s in a file is told by line', async (_, text, expected) => {
  const problems = problemsOf({ environment: {}, file: await write('f.yaml', text) });
  expect(JSON.stringify(problems)).not.toContain('hunter2');
  expect(problems).toEqual(expected);
});

test.each([
  [{ KAFKA_SASL_MECHANISM: 'scram-sha-512' }, 'KAFKA_SASL_PASSWORD'],
  [{ KAFKA_SASL_MECHANISM: 'oauthbearer' }, 'KAFKA_SASL_TOKEN_FILE'],
  [{ KAFKA_SASL_PASSWORD: 'p' }, 'KAFKA_SASL_MECHANISM'],
  [{ REDIS_TLS_CERT: '-----BEGIN CERTIFICATE-----' }, 'REDIS_TLS_KEY'],
  [{ SCHEMA_REGISTRY_USERNAME: 'u' }, 'SCHEMA_REGISTRY_PASSWORD'],
  [{ SCHEMA_REGISTRY_TOKEN: 't', SCHEMA_REGISTRY_USERNAME: 'u', SCHEMA_REGISTRY_PASSWORD: 'p' }, 'give one of them'],
  [{ NARU_OPERATIONS_HOST: '0.0.0.0' }, 'NARU_OPERATIONS_TOKEN'],
  [{ NARU_OPERATIONS_TOKEN: 'a', NARU_OPERATIONS_TOKEN_FILE: '/dev/null' }, 'give one of them'],
  [{ NARU_KRW_CONVERSION: 'fixed' }, 'NARU_KRW_RATE'],
  [{ NARU_KRW_CONVERSION: 'ticker', NARU_KRW_RATE: '1400.5' }, 'NARU_KRW_CONVERSION=fixed'],
  [{ NARU_TOPIC_ERROR: 'ws.dlq' }, 'both named "ws.dlq"'],
] as const)('%o does not fit together', (environment, advice) => {
  expect(problemsOf({ environment })).toEqual([expect.stringContaining(advice)]);
});

test('every variable is read, and has no use for nonsense unless it is free text', () => {
  const isFree = ({ takes, env }: { takes: string; env: string }) =>
    takes === 'text' || takes === 'path' || env === 'NARU_OPERATIONS_HOST';
  for (const { setting } of placedSettings(settings)) {
    if (isFree(setting)) continue;
    expect(() => fromEnvironment({ [setting.env]: 'no/sen se@' }), setting.env).toThrow(setting.env);
  }
});

test('variables and paths are unique', () => {
  const placed = placedSettings(settings);
  const names = placed.flatMap(({ path, setting }) => [path, setting.env]);
  expect(new Set(names).size).toBe(names.length);
});

test('overrides change what they name and leave the rest', () => {
  const config = completeConfig({ kafka: { brokers: ['a:1'] }, operations: { port: 0 } });
  expect(config.kafka).toEqual({ ...defaultConfig.kafka, brokers: ['a:1'] });
  expect(config.operations).toEqual({ ...defaultConfig.operations, port: 0 });
});

test("the README's table is the settings; scripts/write-settings-table.mjs writes it", () => {
  expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(
    `<!-- settings -->\n${settingsMarkdown()}\n<!-- /settings -->`,
  );
});

function bomb(): string {
  const levels = Array.from({ length: 8 }, (_, level) =>
    level === 0
      ? 'x0: &x0 [a, a, a, a]'
      : `x${level}: &x${level} [${Array(6)
          .fill(`*x${level - 1}`)
          .join(', ')}]`,
  );
  return `${levels.join('\n')}\nlogLevel: *x7`;
}
