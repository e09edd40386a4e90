import {
  createCertificateAuthority,
  describeKafkaServer,
  type KafkaServers,
  startKafkaServers,
} from '@naru/test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import type { KafkaTransportOptions, SaslOptions } from '../kafkajs/connection-options.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic, readAll } from './read-all.js';

const USER = 'narae';
const PASSWORD = 'correct horse';

const MODULES = 'org.apache.kafka.common.security';
const jaas: Readonly<Record<string, string>> = {
  plain: `${MODULES}.plain.PlainLoginModule required user_${USER}="${PASSWORD}";`,
  'scram-sha-256': `${MODULES}.scram.ScramLoginModule required;`,
  'scram-sha-512': `${MODULES}.scram.ScramLoginModule required;`,
  oauthbearer: `${MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
};

/** A token of RFC 7515's "none" algorithm, which Kafka's built-in validator takes: for tests only. */
function unsecuredToken(lifetimeSeconds: number): string {
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub: USER, iat: now - 1, exp: now + lifetimeSeconds })}.`;
}

const bearer = (lifetimeSeconds: number): SaslOptions => ({
  mechanism: 'oauthbearer',
  oauthBearerProvider: async () => ({ value: unsecuredToken(lifetimeSeconds) }),
});

const password = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', value = PASSWORD): SaslOptions => ({
  mechanism,
  username: USER,
  password: value,
});

describeKafkaServer('a real Kafka behind TLS and SASL', () => {
  let kafka: KafkaServers;
  let ca: string;
  let stranger: string;
  const at = (listener: 'TLS' | 'BOTH' | 'SASL'): string[] => [kafka.servers[0]!.addresses[listener]!];
  const plain = (): string[] => [kafka.servers[0]!.address];

  beforeAll(async () => {
    const authority = await createCertificateAuthority('naru test authority');
    ca = authority.certificate;
    stranger = (await createCertificateAuthority('somebody else')).certificate;
    const { key, certificate } = await authority.issue('IP:127.0.0.1', 'DNS:localhost');
    const perMechanism = Object.entries(jaas).flatMap(([mechanism, config]) =>
      ['both', 'sasl'].map((listener) => [`listener.name.${listener}.${mechanism}.sasl.jaas.config`, config]),
    );
    kafka = await startKafkaServers({
      listeners: [
        { name: 'TLS', protocol: 'SSL' },
        { name: 'BOTH', protocol: 'SASL_SSL' },
        { name: 'SASL', protocol: 'SASL_PLAINTEXT' },
      ],
      properties: {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': oneLine(key),
        'ssl.keystore.certificate.chain': oneLine(certificate),
        'sasl.enabled.mechanisms': Object.keys(jaas)
          .map((mechanism) => mechanism.toUpperCase())
          .join(','),
        ...Object.fromEntries(perMechanism),
      },
      scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((kind) => `${kind}=[name=${USER},password=${PASSWORD}]`),
    });
  }, 120_000);
  afterAll(() => kafka?.stop());

  async function producesAndConsumes(options: KafkaTransportOptions): Promise<void> {
    const transport = createKafkaTransport(options);
    const topic = await createTopic(transport, 2, 1);
    await using producer = createKafkaProducer({ transport, lingerMs: 0 });
    await producer.connect();
    await Promise.all(['a', 'b', 'c'].map((value) => producer.sendAndWait({ topic, key: value, value })));
    const read: string[] = [];
    await readAll(transport, topic, ({ value }) => void read.push(String(value)));
    expect(read.sort()).toEqual(['a', 'b', 'c']);
  }

  async function explains(options: KafkaTransportOptions): Promise<string> {
    await using admin = createKafkaAdmin({
      transport: createKafkaTransport({ connectionTimeoutMs: 2_000, ...options }),
    });
    const check = await admin.checkBrokers();
    expect(check.ok).toBe(false);
    return check.explanation;
  }

  test('TLS carries what is produced and consumed', () => producesAndConsumes({ brokers: at('TLS'), ssl: { ca } }));

  test.each<[string, SaslOptions]>([
    ['PLAIN', password('plain')],
    ['SCRAM-SHA-256', password('scram-sha-256')],
    ['SCRAM-SHA-512', password('scram-sha-512')],
    ['OAUTHBEARER', bearer(300)],
  ])('%s lets a client produce and consume, with TLS and without', async (_, sasl) => {
    await producesAndConsumes({ brokers: at('BOTH'), ssl: { ca }, sasl });
    await producesAndConsumes({ brokers: at('SASL'), sasl });
  });

  test.each<[string, SaslOptions]>([
    ['PLAIN', password('plain', 'wrong')],
    ['SCRAM-SHA-256', password('scram-sha-256', 'wrong')],
    ['SCRAM-SHA-512', password('scram-sha-512', 'wrong')],
    ['OAUTHBEARER', bearer(-60)],
  ])('credentials that %s refuses are explained', async (_, sasl) => {
    expect(await explains({ brokers: at('BOTH'), ssl: { ca }, sasl })).toContain('The broker refused the credentials.');
  });

  test("an authority that did not issue the broker's certificate is explained", async () => {
    const explanation = "The broker's certificate is not trusted";
    expect(await explains({ brokers: at('TLS'), ssl: { ca: stranger } })).toContain(explanation);
    expect(await explains({ brokers: at('TLS'), ssl: true })).toContain(explanation);
  });

  test('plain text to a TLS listener is explained, and TLS to a plain one', async () => {
    expect(await explains({ brokers: at('TLS') })).toContain('Check the ssl and sasl options');
    expect(await explains({ brokers: plain(), ssl: { ca } })).toContain('does not speak TLS at this port');
  });

  test('no credentials where the listener wants some are explained, and credentials where it wants none', async () => {
    expect(await explains({ brokers: at('SASL') })).toContain('Check the ssl and sasl options');
    expect(await explains({ brokers: plain(), sasl: password('plain') })).toMatch(/mechanism|SASL/);
  });
});

/** Java's properties take a PEM in one line, its line ends escaped. */
const oneLine = (pem: string): string => pem.trim().replaceAll('\n', ' ');
