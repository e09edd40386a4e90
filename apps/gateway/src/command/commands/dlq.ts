import { systemClock } from '@naru/core';
import { createKafkaTransport } from '@naru/kafka-clients';
import { Command } from 'commander';
import { kafkaOptions } from '../../composition/server-options.js';
import type { DeadLetter } from '../../dead-letters/dead-letter.js';
import {
  createDeadLetters,
  type DeadLetters,
  maxNewest,
  maxReplay,
  type ReplayReport,
} from '../../dead-letters/dead-letters.js';
import { CommandFailure } from '../ending/command-failure.js';
import { type ClientOptions, readClientConfig, withKafkaOptions } from '../options/client-options.js';
import { examples } from '../options/examples.js';
import { offset, wholeNumber } from '../options/option-values.js';
import { printable } from '../printing/printable.js';

export function dlqCommand(): Command {
  return new Command('dlq')
    .description(
      'Shows the dead letters, what could not be processed and why, and sends them back once that is mended.',
    )
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(replayCommand())
    .addHelpText('after', examples('naru dlq ls', 'naru dlq show 2 17', 'naru dlq replay --dry-run'));
}

function listCommand(): Command {
  return withKafkaOptions(
    new Command('ls')
      .description('Lists the newest dead letters, the newest first.')
      .option('--newest <count>', 'how many', wholeNumber(1, maxNewest), 20),
  )
    .addHelpText('after', examples('naru dlq ls --newest 5', 'naru dlq ls --json | jq -r .reason | sort | uniq -c'))
    .action(async (options: ClientOptions & { readonly newest: number }) => {
      const letters = await deadLettersOf(options).newest(options.newest);
      if (!options.json && letters.length === 0) say('There are no dead letters.');
      for (const letter of letters) say(options.json ? JSON.stringify(letter) : lineOf(letter));
    });
}

function showCommand(): Command {
  return withKafkaOptions(
    new Command('show')
      .description('Shows one dead letter whole: reason, origin, headers, bytes.')
      .argument('<partition>', 'as ls shows it', wholeNumber(0))
      .argument('<offset>', 'as ls shows it', offset)
      .option('--raw', 'write nothing but the bytes of the message', false),
  )
    .addHelpText('after', examples('naru dlq show 2 17', 'naru dlq show 2 17 --raw > message.json'))
    .action(async (partition: number, at: string, options: ClientOptions & { readonly raw: boolean }) => {
      const letter = await deadLettersOf(options).find(partition, at);
      if (!letter) {
        throw new CommandFailure(
          'failed',
          `There is no dead letter at offset ${at} of partition ${partition}: not yet written, or no longer kept. "naru dlq ls" shows what there is.`,
        );
      }
      if (options.raw) process.stdout.write(Buffer.from(letter.value_base64 ?? '', 'base64'));
      else if (options.json) say(JSON.stringify(letter));
      else for (const line of wholeOf(letter)) say(line);
    });
}

interface ReplayOptions extends ClientOptions {
  readonly partition?: number;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly again: boolean;
  readonly dryRun: boolean;
}

function replayCommand(): Command {
  return withKafkaOptions(
    new Command('replay')
      .description(
        'Sends dead letters back to the command topic where they failed, with their own bytes, key and headers. What was sent back is remembered: the same replay again goes on where this one ended.',
      )
      .option('--dry-run', 'say what would be sent, and send nothing', false)
      .option('--partition <number>', 'only this partition', wholeNumber(0))
      .option('--from <offset>', 'first offset of that partition', offset)
      .option('--to <offset>', 'offset behind the last one', offset)
      .option('--limit <messages>', 'at most this many', wholeNumber(1, maxReplay), 100)
      .option('--again', 'also what was sent back before', false),
  )
    .addHelpText('after', examples('naru dlq replay --dry-run', 'naru dlq replay --partition 2 --from 17 --to 20'))
    .action(async (options: ReplayOptions) => {
      const { partition, from, to, limit, again, dryRun, json } = options;
      if (partition === undefined && (from !== undefined || to !== undefined)) {
        throw new CommandFailure('usage', '--from and --to are offsets of one partition. Name it with --partition.');
      }
      const report = await deadLettersOf(options).replay({
        ...(partition !== undefined && { partition }),
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        limit,
        again,
        dryRun,
      });
      if (json) say(JSON.stringify(report));
      else for (const line of replayLines(report)) say(line);
    });
}

function deadLettersOf(options: ClientOptions): DeadLetters {
  const { kafka, topics } = readClientConfig(options);
  return createDeadLetters({
    transport: createKafkaTransport({ ...kafkaOptions(kafka, kafka.brokers), clientId: 'naru-dlq' }),
    clock: systemClock,
    topic: topics.dlq,
    mayReplayTo: [topics.command, topics.disconnection],
    groupId: kafka.groupId,
  });
}

function lineOf({ partition, offset: at, written_at, origin, replays, reason }: DeadLetter): string {
  const place = `${partition} ${at}`.padEnd(10);
  const from = origin ? `${origin.topic} ${origin.partition}@${origin.offset}` : 'unknown';
  return printable(`${place} ${written_at}  ${from}${replays > 0 ? `  replayed ${replays} times` : ''}  ${reason}`);
}

function wholeOf(letter: DeadLetter): string[] {
  const { origin, text, value_base64, headers, key } = letter;
  return [
    lineOf(letter),
    ...Object.entries(headers)
      .filter(([name]) => !name.startsWith('__connect.errors.exception.'))
      .map(([name, value]) => `  ${name}: ${value}`),
    `  key: ${key ?? 'none'}`,
    `  correlation id: ${letter.correlation_id ?? 'none'}`,
    `  failed in: ${origin ? `${origin.topic}, partition ${origin.partition}, offset ${origin.offset}` : 'unknown'}`,
    text === null ? `  bytes (base64): ${value_base64 ?? 'none'}` : `  text: ${text}`,
  ].map(printable);
}

function replayLines({ messages, dry_run, sent, skipped, more }: ReplayReport): string[] {
  const lines = messages.map(({ partition, offset: at, topic, skipped: why }) =>
    printable(
      `${partition} ${at}  ${why === undefined ? `${dry_run ? 'would go' : 'sent'} to ${topic}` : `left out: ${why}`}`,
    ),
  );
  const sum = dry_run ? `${messages.length - skipped} would be sent` : `${sent} sent`;
  return [...lines, `${sum}, ${skipped} left out.${more ? ' There are more: run it again, or raise --limit.' : ''}`];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
