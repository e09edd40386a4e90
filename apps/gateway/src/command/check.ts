import { createKafkaAdmin, createKafkaTransport } from '@naru/kafka-clients';
import { createRedisConnectionManager } from '@naru/redis-cache';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { Command } from 'commander';
import { kafkaOptions, redisOptions, registryOptions } from '../composition/server-options.js';
import { topicSpecifications } from '../composition/topics.js';
import type { GatewayConfig } from '../config/gateway-config.js';
import { findConfig } from '../config/read-config.js';
import { CommandFailure } from './command-failure.js';

/** What was found of one dependency. */
interface Finding {
  readonly what: 'kafka' | 'topics' | 'registry' | 'redis';
  readonly ok: boolean;
  readonly found: string;
}

export function checkCommand(): Command {
  return new Command('check')
    .description('Checks the configuration and every server it names, and says what to do about what is wrong.')
    .option('--config <file>', 'YAML file with settings; the environment wins over it')
    .option('--json', 'one JSON object', false)
    .action(async ({ json, config: file }: { json: boolean; config?: string }) => {
      const { config, found } = findConfig({ environment: process.env, file });
      const findings = (await Promise.all([checkKafka(config), checkRegistry(config), checkRedis(config)])).flat();
      const shown = Object.fromEntries(found.map((one) => [one.path, one.shown]));
      if (json)
        process.stdout.write(`${JSON.stringify({ ok: findings.every(({ ok }) => ok), findings, config: shown })}\n`);
      else
        for (const { what, ok, found } of findings)
          process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${what.padEnd(9)} ${found}\n`);
      if (findings.some(({ ok }) => !ok))
        throw new CommandFailure('unreachable', 'Not everything is as it must be; see above.');
    });
}

async function checkKafka({ kafka, topics }: GatewayConfig): Promise<Finding[]> {
  if (kafka.brokers === 'embedded') return [{ what: 'kafka', ok: true, found: 'embedded, for development' }];
  const transport = createKafkaTransport(kafkaOptions(kafka, kafka.brokers));
  const admin = createKafkaAdmin({ transport });
  try {
    const answer = await admin.checkBrokers();
    if (!answer.ok) return [{ what: 'kafka', ok: false, found: answer.explanation }];
    const there = new Set(await admin.listTopics());
    const missing = topicSpecifications(topics, kafka).flatMap(({ topic }) => (there.has(topic) ? [] : [topic]));
    const found = missing.length === 0 ? 'all are there' : `created at start: ${missing.join(', ')}`;
    return [
      { what: 'kafka', ok: true, found: answer.explanation },
      { what: 'topics', ok: true, found },
    ];
  } finally {
    await admin.close();
  }
}

async function checkRegistry({ registry }: GatewayConfig): Promise<Finding> {
  if (registry.url === 'embedded') return { what: 'registry', ok: true, found: 'embedded, for development' };
  try {
    await using client = createSchemaRegistryClient({ ...registryOptions(registry, registry.url), retries: 0 });
    const subjects = await client.subjects();
    return { what: 'registry', ok: true, found: `${subjects.length} subject(s)` };
  } catch (error) {
    return { what: 'registry', ok: false, found: (error as Error).message };
  }
}

async function checkRedis(config: GatewayConfig): Promise<Finding> {
  if (config.redis.url === 'memory')
    return { what: 'redis', ok: true, found: 'none, connection state stays in the process' };
  const manager = createRedisConnectionManager(redisOptions(config));
  try {
    await manager.initialize();
    const { healthy, latencyMs, problem } = await manager.health();
    return { what: 'redis', ok: healthy, found: problem ?? `answers in ${latencyMs?.toFixed(1)} ms` };
  } catch (error) {
    return { what: 'redis', ok: false, found: (error as Error).message };
  } finally {
    await manager.close();
  }
}
