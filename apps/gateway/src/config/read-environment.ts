import { createTopicNames, type TopicNames, topicNames } from '@naru/core';
import { GatewayError } from '../gateway-error.js';
import { defaultConfig, type GatewayConfig, logLevels } from './gateway-config.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable of the environment: what it sets and, in words, what it takes. */
export interface Variable {
  readonly name: string;
  readonly meaning: string;
  readonly takes: string;
  readonly default: string;
}

/** Every variable that `readEnvironment` reads, for help texts and documents. */
export const variables: readonly Variable[] = [
  variable('KAFKA_BROKERS', 'Kafka bootstrap addresses', 'host:port[,host:port…]', 'an embedded broker'),
  variable('SCHEMA_REGISTRY_URL', 'schema registry with the Confluent API', 'http(s) URL', 'an embedded registry'),
  variable('REDIS_URL', 'Redis for connection state', 'redis(s) URL', 'memory of the process'),
  variable('NARU_CLIENT_ID', 'client id shown by Kafka', 'text', defaultConfig.kafka.clientId),
  variable(
    'NARU_GROUP_ID',
    'consumer groups of the fleet, with -connect and -disconnect behind it',
    'text',
    defaultConfig.kafka.groupId,
  ),
  variable('NARU_TOPIC_PREFIX', 'put before every topic name', 'letters, digits, . _ -', 'none'),
  variable('NARU_TOPIC_PARTITIONS', 'partitions of created topics', '1 to 1000', defaultConfig.kafka.partitions),
  variable(
    'NARU_TOPIC_REPLICATION',
    'replicas of created topics',
    '-1 (broker decides) to 10',
    defaultConfig.kafka.replication,
  ),
  variable(
    'NARU_REGISTER_SCHEMAS',
    'register missing schemas at start',
    'true or false',
    defaultConfig.registry.register,
  ),
  variable(
    'NARU_PROOF_TIMEOUT_MS',
    'time for an exchange to prove a subscription',
    '100 to 600000',
    defaultConfig.commands.proofTimeoutMs,
  ),
  variable(
    'NARU_ALLOWED_HOSTS',
    'hosts that commands may name beyond those of the exchanges',
    'host[:port][,…]',
    'none',
  ),
  variable(
    'NARU_ALLOW_PRIVATE_ADDRESSES',
    'dial loopback and private addresses',
    'true or false',
    defaultConfig.connections.allowPrivateAddresses,
  ),
  variable(
    'NARU_BATCH_RECORDS',
    'records of a market in one message',
    '1 to 10000',
    defaultConfig.publishing.maxBatchRecords,
  ),
  variable(
    'NARU_BATCH_WAIT_MS',
    'longest wait of a record for its message',
    '0 to 60000',
    defaultConfig.publishing.maxBatchWaitMs,
  ),
  variable(
    'NARU_LINGER_MS',
    'wait of a message for others of its partition',
    '0 to 60000',
    defaultConfig.publishing.lingerMs,
  ),
  variable(
    'NARU_BUFFERED_RECORDS',
    'records of a stream kept while Kafka takes none',
    '1 to 10000000',
    defaultConfig.publishing.maxBufferedRecords,
  ),
  variable('NARU_OPERATIONS_HOST', 'address of health, metrics and streams', 'host', defaultConfig.operations.host),
  variable('NARU_OPERATIONS_PORT', 'port of the same', '0 (any free) to 65535', defaultConfig.operations.port),
  variable('NARU_SHUTDOWN_DEADLINE_MS', 'longest time to drain', '100 to 600000', defaultConfig.shutdownDeadlineMs),
  variable('NARU_LOG_LEVEL', 'least level logged', logLevels.join(', '), defaultConfig.logLevel),
];

/**
 * Reads the configuration; what is not set keeps its default.
 *
 * @throws GatewayError `invalid_configuration` naming every variable that cannot be used, not only the first.
 */
export function readEnvironment(environment: Environment): GatewayConfig {
  const problems: string[] = [];
  const read = createReader(environment, problems);
  const base = defaultConfig;
  const brokers = read.list('KAFKA_BROKERS', /^[^\s:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i);
  const config: GatewayConfig = {
    kafka: {
      brokers: brokers.length > 0 ? brokers : 'embedded',
      clientId: read.text('NARU_CLIENT_ID') ?? base.kafka.clientId,
      groupId: read.text('NARU_GROUP_ID') ?? base.kafka.groupId,
      partitions: read.integer('NARU_TOPIC_PARTITIONS', 1, 1_000) ?? base.kafka.partitions,
      replication: read.integer('NARU_TOPIC_REPLICATION', -1, 10) ?? base.kafka.replication,
    },
    topics: prefixed(read.matching('NARU_TOPIC_PREFIX', /^[A-Za-z0-9._-]{1,100}$/) ?? ''),
    registry: {
      url: read.url('SCHEMA_REGISTRY_URL', ['http:', 'https:']) ?? base.registry.url,
      register: read.flag('NARU_REGISTER_SCHEMAS') ?? base.registry.register,
    },
    redis: { url: read.url('REDIS_URL', ['redis:', 'rediss:']) ?? base.redis.url },
    commands: { proofTimeoutMs: read.integer('NARU_PROOF_TIMEOUT_MS', 100, 600_000) ?? base.commands.proofTimeoutMs },
    connections: {
      ...base.connections,
      allowedHosts: read.list('NARU_ALLOWED_HOSTS', /^[^\s/@]+$/),
      allowPrivateAddresses: read.flag('NARU_ALLOW_PRIVATE_ADDRESSES') ?? base.connections.allowPrivateAddresses,
    },
    publishing: {
      maxBatchRecords: read.integer('NARU_BATCH_RECORDS', 1, 10_000) ?? base.publishing.maxBatchRecords,
      maxBatchWaitMs: read.integer('NARU_BATCH_WAIT_MS', 0, 60_000) ?? base.publishing.maxBatchWaitMs,
      lingerMs: read.integer('NARU_LINGER_MS', 0, 60_000) ?? base.publishing.lingerMs,
      maxBufferedRecords: read.integer('NARU_BUFFERED_RECORDS', 1, 10_000_000) ?? base.publishing.maxBufferedRecords,
    },
    operations: {
      host: read.text('NARU_OPERATIONS_HOST') ?? base.operations.host,
      port: read.integer('NARU_OPERATIONS_PORT', 0, 65_535) ?? base.operations.port,
    },
    shutdownDeadlineMs: read.integer('NARU_SHUTDOWN_DEADLINE_MS', 100, 600_000) ?? base.shutdownDeadlineMs,
    logLevel: read.choice('NARU_LOG_LEVEL', logLevels) ?? base.logLevel,
  };
  if (problems.length > 0) {
    throw new GatewayError('invalid_configuration', `The configuration cannot be used:\n  ${problems.join('\n  ')}`);
  }
  return config;
}

function prefixed(prefix: string): TopicNames {
  return createTopicNames(
    Object.fromEntries(Object.entries(topicNames).map(([topic, name]) => [topic, `${prefix}${name}`])),
  );
}

function variable(name: string, meaning: string, takes: string, value: string | number | boolean): Variable {
  return { name, meaning, takes, default: String(value) };
}

/** Readers that answer undefined for what is not set and note a problem, without its value, for what cannot be used. */
function createReader(environment: Environment, problems: string[]) {
  const takes = new Map(variables.map((entry) => [entry.name, entry.takes]));
  const text = (name: string): string | undefined => environment[name]?.trim() || undefined;
  // Values are not quoted: an address may carry a password.
  const problem = (name: string): undefined => {
    problems.push(`${name} takes ${takes.get(name)}`);
    return undefined;
  };
  return {
    text,
    integer(name: string, min: number, max: number): number | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      return Number.isInteger(number) && number >= min && number <= max ? number : problem(name);
    },
    flag(name: string): boolean | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      return value === 'true' ? true : value === 'false' ? false : problem(name);
    },
    list(name: string, pattern: RegExp): string[] {
      const entries = (text(name) ?? '').split(',').flatMap((entry) => entry.trim() || []);
      if (entries.some((entry) => !pattern.test(entry))) problem(name);
      return entries;
    },
    url(name: string, protocols: readonly string[]): string | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      return URL.canParse(value) && protocols.includes(new URL(value).protocol) ? value : problem(name);
    },
    matching(name: string, pattern: RegExp): string | undefined {
      const value = text(name);
      return value === undefined || pattern.test(value) ? value : problem(name);
    },
    choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
      const value = text(name);
      if (value === undefined) return undefined;
      return choices.find((choice) => choice === value) ?? problem(name);
    },
  };
}
