import { createHash } from 'node:crypto';

/** The variables that `compose.yaml` reads; without them it describes one broker on the customary ports. */
export function composeEnvironment(options: {
  readonly brokers: 1 | 3;
  readonly kafkaPorts: readonly number[];
  readonly redisPort: number;
  readonly registryPort: number;
}): Record<string, string> {
  const nodes = Array.from({ length: options.brokers }, (_, index) => index + 1);
  return {
    NARU_REDIS_PORT: String(options.redisPort),
    NARU_REGISTRY_PORT: String(options.registryPort),
    ...Object.fromEntries(nodes.map((node) => [`NARU_KAFKA_PORT_${node}`, String(options.kafkaPorts[node - 1])])),
    NARU_KAFKA_VOTERS: nodes.map((node) => `${node}@kafka-${node}:9093`).join(','),
    NARU_KAFKA_REPLICAS: String(options.brokers),
    NARU_KAFKA_MIN_ISR: options.brokers === 3 ? '2' : '1',
    ...(options.brokers === 3 ? { COMPOSE_PROFILES: 'three-brokers' } : {}),
  };
}

/** One compose project per infra folder, so that checkouts do not share containers by accident. */
export function composeProject(infraDirectory: string): string {
  return `naru-${createHash('sha256').update(infraDirectory).digest('hex').slice(0, 8)}`;
}
