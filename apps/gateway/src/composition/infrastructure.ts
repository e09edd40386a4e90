import type { Logger } from '@naru/core';
import { createEmbeddedKafka } from '@naru/embedded-kafka';
import {
  createLeaseStore,
  createMemoryConnectionCache,
  createMemoryMessageBus,
  createRedisConnectionManager,
  type LeaseStore,
  type MessageBus,
  type RedisConnectionManager,
  WebsocketConnectionCache,
} from '@naru/redis-cache';
import { createEmbeddedRegistry } from '@naru/schema-registry/testing';
import type { GatewayConfig } from '../config/gateway-config.js';
import type { ClosingStack } from './closing-stack.js';
import type { Overrides } from './overrides.js';
import { redisOptions } from './server-options.js';

/** The servers behind the gateway, real ones or embedded. */
export interface Infrastructure {
  readonly brokers: readonly string[];
  readonly registryUrl: string;
  readonly connections: WebsocketConnectionCache;
  /** What the members of a fleet share besides; in memory the fleet is this process alone. */
  readonly leases: LeaseStore;
  readonly bus: MessageBus;
  /** Undefined when this process is alone. */
  readonly redis: RedisConnectionManager | undefined;
  /** What runs inside this process: nothing in production. */
  readonly embedded: readonly string[];
}

/** Connects to what is configured and starts what is not. Whatever it starts is on the stack. */
export async function provideInfrastructure(
  config: GatewayConfig,
  overrides: Overrides,
  closing: ClosingStack,
  logger: Logger,
): Promise<Infrastructure> {
  const embedded: string[] = [];

  let brokers: readonly string[];
  if (overrides.transport) {
    brokers = [];
  } else if (config.kafka.brokers === 'embedded') {
    const kafka = await createEmbeddedKafka({ defaultPartitions: config.kafka.partitions });
    closing.defer('embedded kafka', () => kafka.close());
    embedded.push('kafka');
    brokers = kafka.bootstrap;
  } else {
    brokers = config.kafka.brokers;
  }

  let registryUrl = config.registry.url;
  if (registryUrl === 'embedded' && !overrides.schemas) {
    const registry = await createEmbeddedRegistry();
    closing.defer('embedded registry', () => registry.close());
    embedded.push('schema registry');
    registryUrl = registry.url;
  }

  let connections: WebsocketConnectionCache;
  let redis: RedisConnectionManager | undefined;
  if (config.redis.url === 'memory') {
    connections =
      overrides.connections ?? createMemoryConnectionCache(overrides.clock ? { clock: overrides.clock } : {});
    if (!overrides.connections) embedded.push('connection state');
  } else {
    const manager = createRedisConnectionManager({ ...redisOptions(config), logger });
    closing.defer('redis', () => manager.close());
    await manager.initialize();
    redis = manager;
    connections = overrides.connections ?? new WebsocketConnectionCache(manager);
  }

  if (embedded.length > 0) {
    logger.warn(`embedded, for development only and kept nowhere: ${embedded.join(', ')}`);
  }
  const inMemory = overrides.clock ? { clock: overrides.clock } : {};
  return {
    brokers,
    registryUrl,
    connections,
    leases: overrides.leases ?? createLeaseStore(redis ? { redis } : inMemory),
    bus: overrides.bus ?? redis ?? createMemoryMessageBus(),
    redis,
    embedded,
  };
}
