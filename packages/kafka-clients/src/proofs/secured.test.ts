import {
  createCertificateAuthority,
  describeKafkaServer,
  type SecuredKafka,
  type SecuredListener,
  startSecuredKafka,
} from '@naru/test-services';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createKafkaAdmin } from '../admin/create-kafka-admin.js';
import { readToEnd } from '../consumer/read-to-end.js';
import type { KafkaTransportOptions, SaslOptions } from '../kafkajs/connection-options.js';
import { createKafkaTransport } from '../kafkajs/create-kafka-transport.js';
import { createKafkaProducer } from '../producer/create-kafka-producer.js';
import { createTopic } from './create-topic.js';

/** A token of RFC 7515's "none" algorithm, which Kafka's built-in validator takes: for tests only. */
function unsecuredToken(lifetimeSeconds: number): string {
  const part = (claims: object): string => Buffer.from(JSON.stringify(claims)).toString('base64url');
  const now = Math.floor(Date.now() / 1_000);
  return `${part({ alg: 'none' })}.${part({ sub: 'narae', iat: now - 1, exp: now + lifetimeSeconds })}.`;
}

const bearer = (lifetimeSeconds: number): SaslOptions => ({
  mechanism: 'oauthbearer',
  oauthBearerProvider: async () => ({ value: unsecuredToken(lifetimeSeconds) }),
});

describeKafkaServer('a real Kafka behind TLS and SASL', () => {
  let kafka: SecuredKafka;
  let ca: string;
  let stranger: string;
  const at = (listener: SecuredListener): string[] => [kafka.at(listener)];
  const plain = (): string[] => [kafka.plain];
  const password = (mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512', wrong?: string): SaslOptions => ({
    mechanism,
    username: kafka.username,
    password: wrong ?? kafka.password,
  });

  beforeAll(async () => {
    kafka = await startSecuredKafka();
    ca = kafka.ca;
    stranger = (await createCertificateAuthority('somebody else')).certificate;
  }, 120_000);
  afterAll(() => kafka?.stop());

  async function producesAndConsumes(options: KafkaTransportOptions): Promise<void> {
    const transport = createKafkaTransport(options);
    const topic = await createTopic(transport, 2, 1);
    await using producer = createKafkaProducer({ transport, lingerMs: 0 });
    await producer.connect();
    await Promise.all(['a', 'b', 'c'].map((value) => producer.sendAndWait({ topic, key: value, value })));
    const read: string[] = [];
    await readToEnd({ transport, topics: [topic], onMessage: ({ value }) => void read.push(String(value)) });
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

  test.each<[string, () => SaslOptions]>([
    ['PLAIN', () => password('plain')],
    ['SCRAM-SHA-256', () => password('scram-sha-256')],
    ['SCRAM-SHA-512', () => password('scram-sha-512')],
    ['OAUTHBEARER', () => bearer(300)],
  ])('%s lets a client produce and consume, with TLS and without', async (_, sasl) => {
    await producesAndConsumes({ brokers: at('BOTH'), ssl: { ca }, sasl: sasl() });
    await producesAndConsumes({ brokers: at('SASL'), sasl: sasl() });
  });

  test.each<[string, () => SaslOptions]>([
    ['PLAIN', () => password('plain', 'wrong')],
    ['SCRAM-SHA-256', () => password('scram-sha-256', 'wrong')],
    ['SCRAM-SHA-512', () => password('scram-sha-512', 'wrong')],
    ['OAUTHBEARER', () => bearer(-60)],
  ])('credentials that %s refuses are explained', async (_, sasl) => {
    expect(await explains({ brokers: at('BOTH'), ssl: { ca }, sasl: sasl() })).toContain(
      'The broker refused the credentials.',
    );
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
