import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeKafkaServer,
  type RedisServer,
  type SecuredKafka,
  startRedisServer,
  startSecuredKafka,
} from '@naru/test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runNaru } from '../e2e/run-naru.js';
import { GatewayProcess } from './gateway-process.js';
import { type GuardedRegistry, startGuardedRegistry } from './guarded-registry.js';

const unique = (name: string): string => `canary-${name}-${randomUUID()}`;
const right = { redis: unique('redis'), basic: unique('basic'), bearer: unique('bearer'), operations: unique('api') };
const wrong = unique('wrong');
/** A token of the algorithm "none", which Kafka's own validator takes. */
const tokenFor = (subject: string, lifetimeSeconds: number): string => {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub: subject, iat: now - 1, exp: now + lifetimeSeconds };
  return `${[{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
};
const kafkaToken = { right: tokenFor('narae', 3_600), wrong: tokenFor('narae', -60) };

// The servers are real ones, with a login each.
describeKafkaServer('servers that ask for a login', () => {
  let folder: string;
  let kafka: SecuredKafka;
  let redis: RedisServer;
  let registry: GuardedRegistry;
  let secrets: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'naru-logins-'));
    await writeFile(join(folder, 'token'), kafkaToken.right);
    await writeFile(join(folder, 'wrong-token'), kafkaToken.wrong);
    const basic = `Basic ${Buffer.from(`user:${right.basic}`).toString('base64')}`;
    [kafka, redis, registry] = await Promise.all([
      startSecuredKafka(),
      startRedisServer({ settings: ['--requirepass', right.redis] }),
      startGuardedRegistry([basic, `Bearer ${right.bearer}`]),
    ]);
    const passwords = [...Object.values(right), wrong, kafka.password];
    secrets = [
      ...passwords.flatMap((secret) => [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)]),
      ...['user', kafka.username].flatMap((user) =>
        passwords.map((secret) => Buffer.from(`${user}:${secret}`).toString('base64')),
      ),
      ...Object.values(kafkaToken),
    ];
  }, 120_000);
  afterAll(async () => {
    await Promise.all([kafka?.stop(), redis?.stop(), registry?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  function saysNoSecret(output: string): void {
    expect(output.length).toBeGreaterThan(50);
    for (const secret of secrets) expect(output).not.toContain(secret);
  }

  const login = (mechanism: string, password = kafka.password): NodeJS.ProcessEnv => ({
    KAFKA_BROKERS: kafka.at('SASL'),
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: kafka.username,
    KAFKA_SASL_PASSWORD: password,
  });
  const tokenIn = (file: string): NodeJS.ProcessEnv => ({
    KAFKA_BROKERS: kafka.at('SASL'),
    KAFKA_SASL_MECHANISM: 'oauthbearer',
    KAFKA_SASL_TOKEN_FILE: join(folder, file),
  });
  const redisUrl = (password: string): string => redis.url.replace('redis://', `redis://default:${password}@`);
  const basic = (password: string): NodeJS.ProcessEnv => ({
    SCHEMA_REGISTRY_URL: registry.url,
    SCHEMA_REGISTRY_USERNAME: 'user',
    SCHEMA_REGISTRY_PASSWORD: password,
  });
  const bearer = (token: string): NodeJS.ProcessEnv => ({
    SCHEMA_REGISTRY_URL: registry.url,
    SCHEMA_REGISTRY_TOKEN: token,
  });
  const inUrl = (password: string): NodeJS.ProcessEnv => ({
    SCHEMA_REGISTRY_URL: registry.url.replace('http://', `http://user:${password}@`),
  });
  const others = (): NodeJS.ProcessEnv => ({
    NARU_OPERATIONS_TOKEN: right.operations,
    NARU_OPERATIONS_PORT: '0',
    NARU_TOPIC_PARTITIONS: '1',
    NARU_TOPIC_REPLICATION: '1',
    NARU_LOG_LEVEL: 'debug',
  });

  const logins: [string, () => NodeJS.ProcessEnv][] = [
    [
      'PLAIN, basic authentication, a password in the address',
      () => ({
        ...login('plain'),
        ...basic(right.basic),
        REDIS_URL: redisUrl(right.redis),
      }),
    ],
    [
      'SCRAM, a bearer token, a password of its own',
      () => ({
        ...login('scram-sha-512'),
        ...bearer(right.bearer),
        REDIS_URL: redis.url,
        REDIS_PASSWORD: right.redis,
      }),
    ],
    [
      'OAUTHBEARER, a user in the address',
      () => ({
        ...tokenIn('token'),
        ...inUrl(right.basic),
        REDIS_URL: redisUrl(right.redis),
      }),
    ],
  ];
  const [[, first]] = logins as [(typeof logins)[number]];

  test.each(logins)(
    '%s: what is checked and found names no secret',
    async (_, env) => {
      const all = { env: { ...others(), ...env() } };
      const checked = await runNaru(['check', '--json'], all);
      expect(checked.code, checked.stdout + checked.stderr).toBe(0);
      const { findings } = JSON.parse(checked.stdout) as { findings: { what: string; ok: boolean }[] };
      expect(findings.filter(({ ok }) => ok).map(({ what }) => what)).toEqual(
        expect.arrayContaining(['kafka', 'topics', 'registry', 'redis']),
      );
      saysNoSecret(checked.stdout + checked.stderr);
      const more = [['check'], ['config', '--all'], ['config', '--json']];
      for (const { stdout, stderr } of await Promise.all(more.map((args) => runNaru(args, all)))) {
        saysNoSecret(stdout + stderr);
      }
    },
    60_000,
  );

  const refused: [string, RegExp, () => NodeJS.ProcessEnv][] = [
    ['PLAIN', /refused the credentials/, () => ({ ...first(), ...login('plain', wrong) })],
    ['SCRAM-SHA-256', /refused the credentials/, () => ({ ...first(), ...login('scram-sha-256', wrong) })],
    [
      'OAUTHBEARER',
      /refused the credentials/,
      () => ({
        ...first(),
        KAFKA_SASL_USERNAME: '',
        KAFKA_SASL_PASSWORD: '',
        ...tokenIn('wrong-token'),
      }),
    ],
    ['basic authentication', /401|credentials/, () => ({ ...first(), ...basic(wrong) })],
    [
      'a user in the address of the registry',
      /401|credentials/,
      () => ({
        ...first(),
        SCHEMA_REGISTRY_USERNAME: '',
        SCHEMA_REGISTRY_PASSWORD: '',
        ...inUrl(wrong),
      }),
    ],
    [
      'a bearer token',
      /401|credentials/,
      () => ({
        ...first(),
        SCHEMA_REGISTRY_USERNAME: '',
        SCHEMA_REGISTRY_PASSWORD: '',
        ...bearer(wrong),
      }),
    ],
    ['Redis, in the address', /password|WRONGPASS/i, () => ({ ...first(), REDIS_URL: redisUrl(wrong) })],
    [
      'Redis, on its own',
      /password|WRONGPASS/i,
      () => ({
        ...first(),
        REDIS_URL: redis.url,
        REDIS_PASSWORD: wrong,
      }),
    ],
  ];

  test.each(refused)(
    'a login by %s that is refused is explained without the secret',
    async (_, why, env) => {
      const all = { env: { ...others(), ...env() } };
      const commands = [['check', '--json'], ['run']];
      for (const { code, stdout, stderr } of await Promise.all(commands.map((args) => runNaru(args, all)))) {
        expect(code, stdout + stderr).toBe(3);
        expect(stdout + stderr).toMatch(why);
        saysNoSecret(stdout + stderr);
      }
    },
    90_000,
  );

  test('a gateway that runs with all of them tells none: log, metrics, configuration and streams', async () => {
    const gateway = await GatewayProcess.start({
      env: { ...others(), ...first() } as Record<string, string>,
      names: {},
      playedHere: '93.184.216.34',
    });
    const authorization = `Bearer ${right.operations}`;
    for (const path of ['/metrics', '/config', '/streams', '/readyz', '/fleet', '/breakers', '/spool']) {
      const response = await fetch(`${gateway.operations}${path}`, { headers: { authorization } });
      const text = await response.text();
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect(await gateway.stop()).toBe(0);
    saysNoSecret(gateway.readyLine + gateway.log);
  }, 60_000);
});
