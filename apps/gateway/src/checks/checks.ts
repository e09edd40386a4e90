import { createKafkaAdmin, createKafkaTransport } from '@naru/kafka-clients';
import { createRedisConnectionManager } from '@naru/redis-cache';
import { createSchemaRegistryClient, loadSchemaDirectory, preflight, SchemaRegistryError } from '@naru/schema-registry';
import { schemaDirectory } from '../composition/schemas.js';
import { kafkaOptions, redisOptions, registryOptions } from '../composition/server-options.js';
import { topicSpecifications } from '../composition/topics.js';
import type { GatewayConfig } from '../config/gateway-config.js';

/** What was found of one thing that the gateway depends on. */
export interface Finding {
  readonly what: 'settings' | 'kafka' | 'topics' | 'registry' | 'schemas' | 'redis';
  readonly ok: boolean;
  readonly found: string;
  /** What to do, where something is to be done. */
  readonly advice?: string;
  /** The server cannot be reached, or does not let us in. */
  readonly away?: true;
}

export async function checkKafka({ kafka }: GatewayConfig): Promise<Finding[]> {
  if (kafka.brokers === 'embedded') {
    return [
      { what: 'kafka', ok: true, found: 'embedded, for development.', advice: 'Set KAFKA_BROKERS for a real one.' },
    ];
  }
  await using admin = createKafkaAdmin({ transport: createKafkaTransport(kafkaOptions(kafka, kafka.brokers)) });
  const answer = await admin.checkBrokers();
  return [{ what: 'kafka', ok: answer.ok, found: answer.explanation, ...(!answer.ok && { away: true }) }];
}

/** Which topics are there, and whether with the partitions that the gateway would give them. */
export async function checkTopics({ kafka, topics }: GatewayConfig): Promise<Finding[]> {
  if (kafka.brokers === 'embedded') return [];
  const admin = createKafkaTransport(kafkaOptions(kafka, kafka.brokers)).createAdmin();
  try {
    await admin.connect();
    const there = new Set(await admin.topics());
    const wanted = topicSpecifications(topics, kafka).map(({ topic }) => topic);
    const missing = wanted.filter((topic) => !there.has(topic));
    const partitions = await Promise.all(
      wanted
        .filter((topic) => there.has(topic))
        .map(async (topic) => ({ topic, count: (await admin.topicOffsets(topic)).length })),
    );
    const others = partitions.filter(({ count }) => count !== kafka.partitions);
    const findings: Finding[] = [
      missing.length === 0
        ? { what: 'topics', ok: true, found: `all ${wanted.length} are there.` }
        : {
            what: 'topics',
            ok: true,
            found: `${missing.length} of ${wanted.length} are missing: ${missing.join(', ')}.`,
            advice: 'They are created at start, where the brokers allow it.',
          },
    ];
    if (others.length > 0) {
      findings.push({
        what: 'topics',
        ok: true,
        found: `${others.map(({ topic, count }) => `${topic} has ${count} partition(s)`).join(', ')}, not ${kafka.partitions}.`,
        advice: 'They are used as they are; more partitions later would move markets and their order.',
      });
    }
    return findings;
  } catch (error) {
    return [
      {
        what: 'topics',
        ok: false,
        found: (error as Error).message,
        advice: 'Check the rights of the Kafka user.',
        away: true,
      },
    ];
  } finally {
    await admin.close();
  }
}

/** Whether the registry answers, and has every schema or could take it. */
export async function checkRegistry({ registry }: GatewayConfig): Promise<Finding[]> {
  if (registry.url === 'embedded') {
    const advice = 'Set SCHEMA_REGISTRY_URL for a real one.';
    return [{ what: 'registry', ok: true, found: 'embedded, for development.', advice }];
  }
  try {
    await using client = createSchemaRegistryClient({ ...registryOptions(registry, registry.url), retries: 0 });
    const subjects = await client.subjects();
    const answers: Finding = { what: 'registry', ok: true, found: `answers, with ${subjects.length} subject(s).` };
    const schemas = await loadSchemaDirectory(schemaDirectory());
    try {
      // Nothing is registered here: what is not there is told, and whether it could be.
      const { otherLevels } = await preflight({ client, schemas });
      const levels = otherLevels.map(({ subject, declared, actual }): Finding => {
        const found = `${subject} promises ${actual}, not ${declared}.`;
        return { what: 'schemas', ok: true, found, advice: `Set its compatibility to ${declared}.` };
      });
      return [answers, { what: 'schemas', ok: true, found: `all ${schemas.length} are registered.` }, ...levels];
    } catch (error) {
      if (!(error instanceof SchemaRegistryError) || error.code !== 'preflight_failed') throw error;
      return [answers, ...error.problems.map((problem) => schemaFinding(problem, registry.register))];
    }
  } catch (error) {
    return [{ what: 'registry', ok: false, found: (error as Error).message, away: true }];
  }
}

function schemaFinding(
  { subject, message, incompatibilities }: SchemaRegistryError['problems'][number],
  registers: boolean,
): Finding {
  const found = `${subject}: ${message}.`;
  if (incompatibilities && incompatibilities.length > 0) {
    return {
      what: 'schemas',
      ok: false,
      found,
      advice: 'Another version is registered: use another registry or subject.',
    };
  }
  return registers
    ? { what: 'schemas', ok: true, found, advice: 'It is registered at start.' }
    : { what: 'schemas', ok: false, found, advice: 'Register it, or set NARU_REGISTER_SCHEMAS=true.' };
}

export async function checkRedis(config: GatewayConfig): Promise<Finding[]> {
  if (config.redis.url === 'memory') {
    const advice = 'Set REDIS_URL where more than one gateway runs.';
    return [{ what: 'redis', ok: true, found: 'none, connection state stays in the process.', advice }];
  }
  const manager = createRedisConnectionManager(redisOptions(config));
  try {
    await manager.initialize();
    const { healthy, latencyMs, problem } = await manager.health();
    const found = problem ?? `answers in ${latencyMs?.toFixed(1)} ms.`;
    return [{ what: 'redis', ok: healthy, found, ...(!healthy && { away: true }) }];
  } catch (error) {
    return [{ what: 'redis', ok: false, found: (error as Error).message, away: true }];
  } finally {
    await manager.close();
  }
}
