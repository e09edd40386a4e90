import { type Command, Option } from 'commander';

/** Options of the commands that speak to Kafka as a client of the gateway. */
export interface KafkaOptions {
  readonly brokers: string;
  readonly prefix: string;
  readonly json: boolean;
}

export function withKafkaOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--brokers <host:port,…>', 'Kafka bootstrap addresses').env('KAFKA_BROKERS').makeOptionMandatory(),
    )
    .addOption(new Option('--prefix <text>', 'put before every topic name').env('NARU_TOPIC_PREFIX').default(''))
    .option('--json', 'answer as JSON', false);
}
