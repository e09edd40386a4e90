import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEmbeddedRegistry } from '@naru/schema-registry/testing';
import { repositoryRoot } from '../harness/repository-root.js';
import { findBrokers } from '../kafka/brokers.js';
import { findRedis } from '../redis/redis-server.js';
import type { Servers } from './contestant.js';

export interface SharedServers {
  readonly servers: Servers;
  readonly description: string;
  close(): Promise<void>;
}

/** Kafka as in the `kafka` benchmark, Redis as in `redis`; the registry of `SCHEMA_REGISTRY_URL` or one in this process. */
export async function findServers(): Promise<SharedServers> {
  const brokers = await findBrokers();
  const redis = await findRedis();
  const url = process.env.SCHEMA_REGISTRY_URL ?? registryOfInfra();
  const embedded = url === undefined ? await createEmbeddedRegistry() : undefined;
  return {
    servers: {
      brokers: brokers.addresses,
      registry: url ?? embedded!.url,
      redis: `redis://${redis.host}:${redis.port}`,
    },
    description: `${brokers.description}, ${redis.description}`,
    async close() {
      await embedded?.close();
      await redis.close();
      await brokers.close();
    },
  };
}

/** The registry that `pnpm infra up` started, if it did. */
function registryOfInfra(): string | undefined {
  try {
    const state = readFileSync(join(repositoryRoot(), '.infra', 'state.json'), 'utf8');
    return (JSON.parse(state) as { readonly registry?: string }).registry;
  } catch {
    return undefined;
  }
}
