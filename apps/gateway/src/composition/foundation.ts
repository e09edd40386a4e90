import type { Clock, Logger } from '@naru/core';
import { createKafkaAdmin, createKafkaTransport, type KafkaTransport } from '@naru/kafka-clients';
import type { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../gateway-error.js';
import type { PrometheusMetrics } from '../operations/prometheus-metrics.js';
import type { Readiness } from '../operations/readiness.js';
import { refuseWhenAborted } from './abortable-start.js';
import type { ClosingStack } from './closing-stack.js';
import { type Infrastructure, provideInfrastructure } from './infrastructure.js';
import type { Overrides } from './overrides.js';
import { prepareSchemas, type Schemas } from './schemas.js';
import { kafkaOptions, registryOptions } from './server-options.js';
import { topicSpecifications } from './topics.js';

/** What everything else stands on. */
export interface Foundation extends Surroundings {
  readonly servers: Infrastructure;
  readonly transport: KafkaTransport;
  readonly schemas: Schemas;
}

/** What is there before anything is connected. */
export interface Surroundings {
  readonly config: GatewayConfig;
  readonly overrides: Overrides;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PrometheusMetrics;
}

/**
 * Reaches every server, makes sure of topics and schemas. Whatever it opens is on the stack. Nothing more is begun once
 * the signal is aborted.
 */
export async function layFoundation(
  surroundings: Surroundings,
  readiness: Readiness,
  closing: ClosingStack,
  signal: AbortSignal | undefined,
): Promise<Foundation> {
  const { config, overrides, clock, logger } = surroundings;
  const reached = { kafka: readiness.begin('kafka'), registry: readiness.begin('schema registry') };
  const servers = await provideInfrastructure(config, overrides, closing, logger);
  refuseWhenAborted(signal);
  const transport =
    overrides.transport ?? createKafkaTransport({ ...kafkaOptions(config.kafka, servers.brokers), logger });
  const admin = createKafkaAdmin({ transport, clock });
  closing.defer('kafka admin', () => admin.close());
  const check = await admin.checkBrokers();
  refuseWhenAborted(signal);
  if (!check.ok) throw new GatewayError('start_failed', check.explanation, { cause: check.error, retryable: true });
  await admin.ensureTopics(topicSpecifications(config.topics, config.kafka));
  reached.kafka();
  refuseWhenAborted(signal);
  const schemas =
    overrides.schemas ??
    (await prepareSchemas(registryOptions(config.registry, servers.registryUrl), config.registry.register, logger));
  reached.registry();
  return { ...surroundings, servers, transport, schemas };
}
