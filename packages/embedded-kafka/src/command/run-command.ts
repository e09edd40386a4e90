import { Command, InvalidArgumentError } from 'commander';
import { createEmbeddedKafka } from '../embedded-kafka.js';
import { EmbeddedKafkaError } from '../embedded-kafka-error.js';

interface CommandOptions {
  readonly port: number;
  readonly nodes: number;
  readonly data?: string;
}

function integer(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('Give an integer.');
  return value;
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function serve({ port, nodes, data }: CommandOptions): Promise<void> {
  const log = (level: string, message: string, fields?: object): void => {
    process.stderr.write(`${level} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}\n`);
  };
  // Listened for from the beginning: whoever reads the address may end the process the next moment.
  const ended = signalled();
  const kafka = await createEmbeddedKafka({
    port,
    nodes,
    ...(data === undefined ? {} : { dataDir: data }),
    logger: {
      debug: () => {},
      info: (message, fields) => log('info', message, fields),
      warn: (message, fields) => log('warn', message, fields),
      error: (message, fields) => log('error', message, fields),
    },
  });
  process.stderr.write('NARU EMBEDDED KAFKA IS FOR DEVELOPMENT AND TESTS ONLY. In production run Apache Kafka.\n');
  process.stderr.write(
    data === undefined ? 'Records are kept in memory and end with this process.\n' : `Records are kept in ${data}.\n`,
  );
  process.stdout.write(`${kafka.bootstrap.join(',')}\n`);
  await ended;
  await kafka.close();
}

/** The `naru-kafka` command: runs the broker until SIGINT or SIGTERM. */
export async function runCommand(argv: readonly string[]): Promise<void> {
  const command = new Command('naru-kafka')
    .description("A broker that speaks Kafka's wire protocol, for development and tests. Prints its bootstrap address.")
    .option(
      '--port <number>',
      'port of the first node; further nodes take the following ports; 0 takes free ones',
      integer,
      19_092,
    )
    .option('--nodes <number>', 'broker nodes', integer, 1)
    .option('--data <directory>', 'directory to keep topics, records and offsets in (default: in memory)')
    .action(serve);
  try {
    await command.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof EmbeddedKafkaError)) throw error;
    process.stderr.write(`naru-kafka: ${error.message}\n`);
    process.exitCode = 1;
  }
}
