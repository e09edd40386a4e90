import { createCertificateAuthority } from './certificate-authority.js';
import { startKafkaServers } from './start-kafka-servers.js';

/** `TLS`: TLS alone; `SASL`: credentials in plain text; `BOTH`: credentials within TLS. */
export type SecuredListener = 'TLS' | 'SASL' | 'BOTH';

/** A real Kafka that asks who somebody is, by PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER. */
export interface SecuredKafka {
  /** The authority that issued the broker's certificate, as PEM. */
  readonly ca: string;
  /** Known to all mechanisms but OAUTHBEARER, which takes unsecured tokens of anybody. */
  readonly username: string;
  readonly password: string;
  /** Address of a listener that asks. */
  at(listener: SecuredListener): string;
  /** Address of the listener that asks nothing. */
  readonly plain: string;
  stop(): Promise<void>;
}

const username = 'narae';
const password = 'correct horse';

const modules = 'org.apache.kafka.common.security';
const jaas: Readonly<Record<string, string>> = {
  plain: `${modules}.plain.PlainLoginModule required user_${username}="${password}";`,
  'scram-sha-256': `${modules}.scram.ScramLoginModule required;`,
  'scram-sha-512': `${modules}.scram.ScramLoginModule required;`,
  oauthbearer: `${modules}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
};

/** Starts one broker. Within `describeKafkaServer`, which sees to what it needs. */
export async function startSecuredKafka(): Promise<SecuredKafka> {
  const authority = await createCertificateAuthority('naru test authority');
  const { key, certificate } = await authority.issue('IP:127.0.0.1', 'DNS:localhost');
  const perMechanism = Object.entries(jaas).flatMap(([mechanism, config]) =>
    ['both', 'sasl'].map((listener) => [`listener.name.${listener}.${mechanism}.sasl.jaas.config`, config]),
  );
  const kafka = await startKafkaServers({
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
    scramUsers: ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map((kind) => `${kind}=[name=${username},password=${password}]`),
  });
  const [server] = kafka.servers;
  return {
    ca: authority.certificate,
    username,
    password,
    at: (listener) => server!.addresses[listener]!,
    plain: server!.address,
    stop: () => kafka.stop(),
  };
}

/** Java's properties take a PEM in one line, its line ends escaped. */
const oneLine = (pem: string): string => pem.trim().replaceAll('\n', ' ');
