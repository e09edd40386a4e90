import { createInterface } from 'node:readline';
import { type RequestType, requestTypes } from '@naru/core';
import { createFrameParser, exchanges } from '@naru/exchanges';
import { Command, Option } from 'commander';
import { CommandFailure } from '../ending/command-failure.js';
import { examples } from '../options/examples.js';

interface ParseOptions {
  readonly exchange: string;
  readonly kind: RequestType;
  readonly base64: boolean;
}

export function parseCommand(): Command {
  return (
    new Command('parse')
      .description('Reads frames of an exchange from stdin, one a line, and prints what each of them means as JSON.')
      .addOption(new Option('--exchange <name>', 'whose frames').choices(exchanges.names).makeOptionMandatory())
      .addOption(
        new Option('--kind <kind>', 'what the socket is subscribed to').choices(requestTypes).makeOptionMandatory(),
      )
      .option('--base64', 'lines are the bytes of frames in base64; else they are JSON strings', false)
      // What it prints is JSON at any rate; errors are with this.
      .option('--json', 'errors as JSON too', false)
      .addHelpText(
        'after',
        examples(
          'naru parse --exchange upbit --kind trade < frames.jsonl',
          'base64 -w0 frame.gz | naru parse --exchange htx --kind trade --base64',
        ),
      )
      .action(parse)
  );
}

async function parse({ exchange, kind, base64 }: ParseOptions): Promise<void> {
  if (!exchanges.supports(exchange, kind)) {
    throw new CommandFailure('usage', `${exchange} with ${kind} is not supported; "naru exchanges" lists what is.`);
  }
  const parseFrame = createFrameParser(exchanges.get(exchange), kind);
  let number = 0;
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() === '') continue;
    const frame = base64 ? Buffer.from(line, 'base64') : frameOf(line, number);
    process.stdout.write(`${JSON.stringify(parseFrame(frame))}\n`);
  }
}

function frameOf(line: string, number: number): string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new CommandFailure(
      'usage',
      `Line ${number} is not JSON. Write each frame as a JSON string, or its bytes with --base64.`,
      cause,
    );
  }
  if (typeof value !== 'string') {
    throw new CommandFailure(
      'usage',
      `Line ${number} is no JSON string. Put the frame's text in quotes, or its bytes with --base64.`,
    );
  }
  return value;
}
