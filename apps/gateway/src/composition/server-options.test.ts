import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRedisConnectionManager } from '@naru/redis-cache';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { describeRedisServer, startRedisServer } from '@naru/test-services';
import { expect, onTestFinished, test } from 'vitest';
import { type ConfigOverrides, completeConfig } from '../config/complete-config.js';
import { kafkaOptions, redisOptions, registryOptions } from './server-options.js';

const kafka = (changes: ConfigOverrides['kafka']) => kafkaOptions(completeConfig({ kafka: changes }).kafka, ['a:1']);

test('without a word of it there is neither TLS nor SASL', () => {
  expect(kafka({})).toEqual({ brokers: ['a:1'], clientId: 'naru-gateway', ssl: false, sasl: undefined });
});

test('TLS is on by the flag, with the system’s authorities, or by what is given for it', () => {
  expect(kafka({ tls: { enabled: true } }).ssl).toBe(true);
  expect(kafka({ tls: { ca: 'CA' } }).ssl).toEqual({ ca: 'CA' });
  expect(kafka({ tls: { cert: 'CERT', key: 'KEY' } }).ssl).toEqual({ cert: 'CERT', key: 'KEY' });
});

test('PLAIN and SCRAM have user and password', () => {
  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    const sasl = { mechanism, username: 'u', password: 'p' };
    expect(kafka({ sasl }).sasl).toEqual(sasl);
  }
});

test('the token of OAUTHBEARER is read anew each time, as somebody renews it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'naru-token-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const tokenFile = join(folder, 'token');
  const { sasl } = kafka({ sasl: { mechanism: 'oauthbearer', tokenFile } });
  if (sasl?.mechanism !== 'oauthbearer') throw new Error('no provider');
  await expect(sasl.oauthBearerProvider()).rejects.toMatchObject({ code: 'invalid_configuration', retryable: true });
  for (const token of ['first', 'second']) {
    await writeFile(tokenFile, `${token}\n`);
    expect(await sasl.oauthBearerProvider()).toEqual({ value: token });
  }
});

test.each([
  ['a token', { token: 't' }, 'Bearer t'],
  ['a user', { username: 'u', password: 'p' }, `Basic ${Buffer.from('u:p').toString('base64')}`],
  ['nothing', {}, undefined],
])('the registry is shown %s', async (_, given, expected) => {
  let shown: string | undefined = 'not asked';
  const server = createServer((request, response) => {
    shown = request.headers.authorization;
    response.setHeader('content-type', 'application/json').end('[]');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using client = createSchemaRegistryClient(registryOptions(completeConfig({ registry: given }).registry, url));
  expect(await client.subjects()).toEqual([]);
  expect(shown).toBe(expected);
});

test('Redis and registry are given the authorities to trust', () => {
  const config = completeConfig({ registry: { tls: { ca: 'CA' } }, redis: { tls: { ca: 'CA' } } });
  expect(registryOptions(config.registry, 'https://r')).toEqual({ urls: 'https://r', tls: { ca: 'CA' } });
  expect(redisOptions(config)).toMatchObject({ tls: { ca: 'CA' } });
  expect(redisOptions(completeConfig())).not.toHaveProperty('tls');
});

describeRedisServer('a Redis that asks for a user', () => {
  test('lets in the one of the configuration, and nobody else', async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.stop());
    const admin = createRedisConnectionManager({ url: server.url });
    await admin.initialize();
    await admin.client.acl('SETUSER', 'naru', 'on', '>p4ss', '~*', '&*', '+@all');
    await admin.client.acl('SETUSER', 'default', 'off');
    await admin.close();
    const connect = async (redis: ConfigOverrides['redis']): Promise<boolean> => {
      const manager = createRedisConnectionManager(
        redisOptions(completeConfig({ redis: { url: server.url, ...redis } })),
      );
      try {
        await manager.initialize();
        return (await manager.health()).healthy;
      } finally {
        await manager.close();
      }
    };
    expect(await connect({ username: 'naru', password: 'p4ss' })).toBe(true);
    await expect(connect({ username: 'naru', password: 'wrong' })).rejects.toMatchObject({ code: 'denied' });
  });
});
