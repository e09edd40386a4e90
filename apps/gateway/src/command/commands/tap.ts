import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { realtimeTopics, topicNames } from '@naru/core';
import { createKafkaAdmin, createKafkaConsumer, createKafkaTransport, type KafkaTransport } from '@naru/kafka-clients';
import { createSchemaRegistryClient } from '@naru/schema-registry';
import { Argument, Command } from 'commander';
import { kafkaOptions, registryOptions } from '../../composition/server-options.js';
import { nearestName } from '../../config/nearest-name.js';
import { suggest } from '../completion/suggestions.js';
import { CommandFailure } from '../ending/command-failure.js';
import type { Interruption } from '../ending/interruption.js';
import {
  type ClientOptions,
  readClientConfig,
  withKafkaOptions,
  withRegistryOption,
} from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { wholeNumber } from '../options/option-values.js';
import { compact, createDecoder, recordsOf } from '../printing/decode-records.js';
import { printable } from '../printing/printable.js';
import { createProgress } from '../printing/progress.js';

interface TapOptions extends ClientOptions {
  readonly fromBeginning: boolean;
  readonly key?: readonly string[];
  readonly count?: number;
}

/** By their own names; --prefix goes before them. */
const topics: readonly string[] = [
  ...realtimeTopics(),
  ...Object.values(topicNames).filter((topic) => !topic.startsWith('realtime.')),
];

export function tapCommand(interruption: Interruption): Command {
  return withRegistryOption(
    withKafkaOptions(
      new Command('tap')
        .description('Prints what a topic carries, decoded, one record a line, until it is interrupted.')
        .addArgument(suggest(new Argument('<topic>', 'such as realtime.trade.korea'), topics))
        .option('--key <key...>', 'only messages with one of these keys, such as KRW-BTC')
        .option('--from-beginning', 'begin with the oldest message', false)
        .option('--count <records>', 'end after this many records', wholeNumber(1)),
    ),
  )
    .addHelpText(
      'after',
      examples(
        'naru tap realtime.trade.korea --key KRW-BTC --count 10',
        'naru tap realtime.ticker.asia --json | jq .close',
        'naru tap ws.error --from-beginning',
      ),
    )
    .action((topic: string, options: TapOptions) => tap(topic, options, interruption));
}

async function tap(name: string, options: TapOptions, interruption: Interruption): Promise<void> {
  const config = readClientConfig(options);
  if (config.registry.url === 'embedded') {
    throw new CommandFailure('usage', 'Name the schema registry with --registry or SCHEMA_REGISTRY_URL.');
  }
  const topic = `${options.prefix ?? process.env.NARU_TOPIC_PREFIX ?? ''}${name}`;
  const transport = createKafkaTransport({ ...kafkaOptions(config.kafka, config.kafka.brokers), clientId: 'naru-tap' });
  await requireTopic(transport, topic);
  await using registry = createSchemaRegistryClient(registryOptions(config.registry, config.registry.url));
  const decode = createDecoder(registry);
  const enough = new AbortController();
  const ended = once(AbortSignal.any([enough.signal, interruption.signal]), 'abort');
  // Where records scroll by on the same terminal, a living line would only disturb.
  const progress = process.stdout.isTTY ? undefined : createProgress('records');
  let left = options.count ?? Number.POSITIVE_INFINITY;

  const print = (record: unknown, key: string | null): void => {
    if (left <= 0) return;
    left -= 1;
    progress?.add();
    process.stdout.write(`${options.json ? JSON.stringify(record) : printable(`${key ?? '-'}  ${compact(record)}`)}\n`);
    if (left <= 0) enough.abort();
  };
  const consumer = createKafkaConsumer({
    transport,
    // A group of its own: a tap takes nothing away from anybody.
    groupId: `naru-tap-${randomUUID()}`,
    topics: [topic],
    fromBeginning: options.fromBeginning,
    handler: async ({ key, value, partition, offset }) => {
      const text = key?.toString() ?? null;
      if (left <= 0 || value === null || (options.key && !options.key.includes(text ?? ''))) return;
      let decoded: unknown;
      try {
        decoded = await decode(value, topic);
      } catch (error) {
        // One message that nobody can read must not end the view of the others.
        const message = printable((error as Error).message);
        process.stderr.write(
          options.json
            ? `${JSON.stringify({ error: { code: 'unreadable', message, partition, offset } })}\n`
            : `naru: partition ${partition}, offset ${offset}: ${message}\n`,
        );
        return;
      }
      for (const record of recordsOf(decoded)) print(record, text);
    },
  });
  try {
    await consumer.start();
    // Being interrupted is how it ends, once it has begun.
    interruption.take();
    await ended;
  } finally {
    progress?.end();
    await consumer.close();
  }
}

/** A consumer would wait for a topic that does not exist; whoever mistyped it should be told. */
async function requireTopic(transport: KafkaTransport, topic: string): Promise<void> {
  await using admin = createKafkaAdmin({ transport });
  const topics = await admin.listTopics();
  if (topics.includes(topic)) return;
  const nearest = nearestName(topic, topics);
  throw new CommandFailure(
    'failed',
    `There is no topic "${printable(topic)}". ${nearest ? `Is ${nearest} meant?` : 'A gateway makes its topics when it starts; --prefix goes before their names.'}`,
  );
}
