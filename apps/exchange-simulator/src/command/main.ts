#!/usr/bin/env node
import { createWriteStream, readFileSync } from 'node:fs';
import { NaruError, type RequestType } from '@naru/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { formatCapturedFrame, parseCapture } from '../capture/capture-file.js';
import { recordCapture } from '../capture/record.js';
import { createExchangeSimulator } from '../exchange-simulator.js';
import { type FaultRates, faultNames } from '../faults.js';

interface PlayOptions {
  readonly port: number;
  readonly host: string;
  readonly rate: number;
  readonly seed: number;
  readonly messages: number;
  readonly unattended: boolean;
  readonly fault: FaultRates;
  readonly replay?: string;
  readonly exchange?: string;
  readonly speed: number;
}

/** Adds `gap:0.001` to the rates given before. */
function fault(text: string, rates: FaultRates): FaultRates {
  const [name = '', rate = ''] = text.split(':');
  if (!(faultNames as readonly string[]).includes(name) || rate === '' || !(Number(rate) >= 0 && Number(rate) <= 1)) {
    throw new InvalidArgumentError(`Write NAME:PROBABILITY, as in gap:0.001, with one of ${faultNames.join(', ')}.`);
  }
  return { ...rates, [name]: Number(rate) };
}

async function play(options: PlayOptions): Promise<void> {
  const { replay, exchange, speed, fault: faults, ...rest } = options;
  const capture = replay === undefined ? undefined : parseCapture(readFileSync(replay, 'utf8'));
  const simulator = createExchangeSimulator({
    ...rest,
    faults,
    ...(capture === undefined ? {} : { replay: { exchange: exchange ?? '', frames: capture, speed } }),
  });
  await simulator.start();
  console.log(`exchange-simulator listens on ws://${options.host}:${simulator.port} (a path per exchange, as /upbit)`);
  const stop = async (): Promise<void> => {
    await simulator.close();
    process.exit(0);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

interface RecordCommandOptions {
  readonly exchange: string;
  readonly kind: RequestType;
  readonly symbols: string;
  readonly url?: string;
  readonly for: number;
  readonly out: string;
}

async function record({ symbols, url, for: seconds, out, ...rest }: RecordCommandOptions): Promise<void> {
  const file = createWriteStream(out);
  let frames = 0;
  await recordCapture({
    ...rest,
    ...(url === undefined ? {} : { url }),
    symbols: symbols.split(','),
    signal: AbortSignal.timeout(seconds * 1000),
    onFrame: (frame) => {
      frames += 1;
      file.write(`${formatCapturedFrame(frame)}\n`);
    },
  });
  await new Promise<void>((resolve) => file.end(resolve));
  console.log(`${frames} frames are in ${out}`);
}

const command = new Command('exchange-simulator');
command
  .command('play', { isDefault: true })
  .description('Plays the WebSocket feeds of eleven exchanges on this machine, a path per exchange.')
  .option('--port <port>', 'port to listen on; 0 takes a free one', Number, 9443)
  .option('--host <host>', 'address to listen on', '127.0.0.1')
  .option('--rate <frames>', 'data frames per second over all streams', Number, 1000)
  .option('--seed <number>', 'everything sent follows from it', Number, 1)
  .option('--messages <frames>', 'data frames per stream before it falls silent', Number, Number.POSITIVE_INFINITY)
  .option('--unattended', 'go on with every sequence while nobody listens', false)
  .option('--fault <name:probability>', `per frame: ${faultNames.join(', ')}; may be repeated`, fault, {})
  .option('--replay <file>', 'send this capture to the clients of --exchange')
  .option('--exchange <name>', 'whose clients receive the capture')
  .option('--speed <factor>', 'how many times as fast as recorded', Number, 1)
  .action(play);
command
  .command('record')
  .description('Records the frames of an exchange.')
  .requiredOption('--exchange <name>', 'such as upbit')
  .addOption(new Option('--kind <kind>').choices(['ticker', 'trade', 'orderbook']).makeOptionMandatory())
  .requiredOption('--symbols <codes>', 'market codes, separated by commas')
  .requiredOption('--out <file>', 'file to write')
  .option('--url <address>', "default: the exchange's own")
  .option('--for <seconds>', 'how long', Number, 60)
  .action(record);

try {
  await command.parseAsync();
} catch (error) {
  if (!(error instanceof NaruError)) throw error;
  console.error(`exchange-simulator: ${error.message}`);
  process.exitCode = 1;
}
