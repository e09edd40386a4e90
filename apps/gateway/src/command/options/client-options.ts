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

/** The gateway's configuration, with what the options say in place of it. */
export function readOptedConfig({
  config: file,
  brokers,
  registry,
  prefix,
}: Omit<ClientOptions, 'json'>): GatewayConfig {
  return readConfig({
    environment: {
      ...process.env,
      ...(brokers !== undefined && { KAFKA_BROKERS: brokers }),
      ...(registry !== undefined && { SCHEMA_REGISTRY_URL: registry }),
      ...(prefix !== undefined && { NARU_TOPIC_PREFIX: prefix }),
    },
    file,
  });
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
