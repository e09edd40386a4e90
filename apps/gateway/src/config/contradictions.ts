import type { SettingValues } from './gateway-config.js';
import { isLoopbackHost } from './loopback-host.js';

/** Said at start, and to who embeds a gateway without reading a configuration. */
export const fixedNeedsRate = 'NARU_KRW_CONVERSION=fixed needs NARU_KRW_RATE, the won that a dollar costs';

/** Settings that are right alone and wrong together, each with what to do. */
export function contradictions({ kafka, registry, redis, krw, operations }: SettingValues): string[] {
  const problems: string[] = [];
  const { mechanism, username, password, tokenFile } = kafka.sasl;
  if (mechanism === 'oauthbearer' && !tokenFile)
    problems.push('KAFKA_SASL_MECHANISM=oauthbearer needs KAFKA_SASL_TOKEN_FILE');
  if (mechanism !== 'none' && mechanism !== 'oauthbearer' && !(username && password)) {
    problems.push(`KAFKA_SASL_MECHANISM=${mechanism} needs KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD`);
  }
  if (mechanism === 'none' && (username || password || tokenFile)) {
    problems.push('KAFKA_SASL_USERNAME, _PASSWORD and _TOKEN_FILE do nothing without KAFKA_SASL_MECHANISM');
  }
  for (const [name, { cert, key }] of [
    ['KAFKA_TLS', kafka.tls],
    ['REDIS_TLS', redis.tls],
  ] as const) {
    if (Boolean(cert) !== Boolean(key)) problems.push(`${name}_CERT and ${name}_KEY belong together; give both`);
  }
  if (Boolean(registry.username) !== Boolean(registry.password)) {
    problems.push('SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD belong together; give both');
  }
  if (registry.token && registry.username) {
    problems.push('SCHEMA_REGISTRY_TOKEN takes the place of SCHEMA_REGISTRY_USERNAME; give one of them');
  }
  if (krw.conversion === 'fixed' && krw.rate === undefined) problems.push(fixedNeedsRate);
  if (krw.conversion !== 'fixed' && krw.rate !== undefined) {
    problems.push('NARU_KRW_RATE does nothing without NARU_KRW_CONVERSION=fixed');
  }
  if (!isLoopbackHost(operations.host) && !operations.token) {
    problems.push('NARU_OPERATIONS_HOST beyond loopback needs NARU_OPERATIONS_TOKEN: whoever reaches it could read');
  }
  return problems;
}
