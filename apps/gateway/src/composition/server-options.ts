import { readFile } from 'node:fs/promises';
import type { KafkaTransportOptions, SaslOptions } from '@naru/kafka-clients';
import type { RedisConnectionOptions } from '@naru/redis-cache';
import type { SchemaRegistryClientOptions } from '@naru/schema-registry';
import type { GatewayConfig, TlsConfig } from '../config/gateway-config.js';
import { GatewayError } from '../gateway-error.js';

/** How every client of the gateway, and of its command, reaches the brokers. */
export function kafkaOptions(
  { clientId, tls, sasl }: GatewayConfig['kafka'],
  brokers: readonly string[],
): KafkaTransportOptions {
  const { enabled, ...files } = tls;
  const given = onlyGiven(files);
  const isTls = enabled || Object.keys(given).length > 0;
  return { brokers, clientId, ssl: isTls && (Object.keys(given).length > 0 ? given : true), sasl: saslOptions(sasl) };
}

function saslOptions({
  mechanism,
  username,
  password,
  tokenFile,
}: GatewayConfig['kafka']['sasl']): SaslOptions | undefined {
  if (mechanism === 'none') return undefined;
  if (mechanism !== 'oauthbearer') return { mechanism, username: username ?? '', password: password ?? '' };
  return { mechanism, oauthBearerProvider: async () => ({ value: await readToken(tokenFile ?? '') }) };
}

/** Whoever renews the token writes the file anew; so it is read for every authentication. */
async function readToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new GatewayError(
      'invalid_configuration',
      `The token file ${file} of KAFKA_SASL_TOKEN_FILE cannot be read. Check path and rights.`,
      { cause, retryable: true },
    );
  }
}

export function registryOptions(
  { username, password, token, tls }: GatewayConfig['registry'],
  url: string,
): SchemaRegistryClientOptions {
  return {
    urls: url,
    ...(token !== undefined
      ? { auth: { token } }
      : username !== undefined && password !== undefined && { auth: { username, password } }),
    ...(tls.ca !== undefined && { tls: { ca: tls.ca } }),
  };
}

export function redisOptions({ redis, kafka }: Pick<GatewayConfig, 'redis' | 'kafka'>): RedisConnectionOptions {
  const { url, username, password, tls } = redis;
  const files = onlyGiven(tls);
  return {
    url,
    connectionName: kafka.clientId,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(Object.keys(files).length > 0 && { tls: files }),
  };
}

function onlyGiven({ ca, cert, key }: TlsConfig): { ca?: string; cert?: string; key?: string } {
  return { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}
