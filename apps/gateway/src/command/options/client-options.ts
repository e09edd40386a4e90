import { type Command, Option } from 'commander';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { readConfig } from '../../config/read-config.js';
import { CommandFailure } from '../ending/command-failure.js';

/** Options of the commands that speak to servers as clients of the gateway. */
export interface ClientOptions {
  readonly config?: string;
  readonly brokers?: string;
  readonly registry?: string;
  readonly prefix?: string;
  readonly json: boolean;
}

export function withConfigOption(command: Command): Command {
  return command.option('--config <file>', 'YAML file with settings; the environment wins over it');
}

/** Where Kafka is, and how to prove oneself there: the settings of the gateway itself. */
export function withKafkaOptions(command: Command): Command {
  return withConfigOption(command)
    .addOption(new Option('--brokers <host:port,…>', 'Kafka bootstrap addresses, before KAFKA_BROKERS'))
    .addOption(new Option('--prefix <text>', 'put before every topic name, before NARU_TOPIC_PREFIX'))
    .option('--json', 'answer as JSON', false);
}

export function withRegistryOption(command: Command): Command {
  return command.addOption(new Option('--registry <url>', 'schema registry, before SCHEMA_REGISTRY_URL'));
}

/** Configuration of a client of real servers; `brokers` is never embedded. */
export type ClientConfig = GatewayConfig & { readonly kafka: { readonly brokers: readonly string[] } };

/** The options that stand for a variable, and go before it. */
const variableOf = {
  brokers: 'KAFKA_BROKERS',
  registry: 'SCHEMA_REGISTRY_URL',
  prefix: 'NARU_TOPIC_PREFIX',
  redis: 'REDIS_URL',
} as const;

export interface OptedSettings extends Omit<ClientOptions, 'json'> {
  readonly redis?: string;
}

/**
 * The gateway's configuration, with what the options say in place of it.
 *
 * @throws CommandFailure `usage` where an option cannot be used; GatewayError `invalid_configuration`
 */
export function readOptedConfig({ config: file, ...options }: OptedSettings): GatewayConfig {
  const environment: Record<string, string | undefined> = { ...process.env };
  let named = (message: string): string => message;
  for (const [option, variable] of Object.entries(variableOf)) {
    const value = options[option as keyof typeof variableOf];
    if (value === undefined) continue;
    environment[variable] = value;
    const before = named;
    named = (message) => before(message).replaceAll(`${variable} takes`, `--${option} takes`);
  }
  try {
    return readConfig({ environment, file });
  } catch (error) {
    const { message } = error as Error;
    // Whoever gave an option knows nothing of the variable behind it.
    if (named(message) !== message) throw new CommandFailure('usage', named(message), error);
    throw error;
  }
}

export function readClientConfig(options: ClientOptions): ClientConfig {
  const config = readOptedConfig(options);
  if (config.kafka.brokers === 'embedded') {
    throw new CommandFailure(
      'usage',
      'Name Kafka with --brokers or KAFKA_BROKERS. A gateway with an embedded broker prints its address when it starts.',
    );
  }
  return config as ClientConfig;
}
