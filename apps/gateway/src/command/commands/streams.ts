import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { targetKey } from '@naru/core';
import { Command, Option } from 'commander';
import { defaultConfig } from '../../config/complete-config.js';
import type { StreamReport, StreamTotals } from '../../orchestration/target-books.js';
import type { ConnectionState } from '../../streams/stream-connection.js';
import { CommandFailure } from '../ending/command-failure.js';
import type { Interruption } from '../ending/interruption.js';
import { examples } from '../options/examples.js';
import { printable } from '../printing/printable.js';
import { createStreamDisplay } from '../printing/stream-display.js';

interface StreamsAnswer {
  readonly totals: StreamTotals;
  readonly streams: readonly StreamReport[];
}

const { host, port } = defaultConfig.operations;

const answerWithinMs = 5_000;

interface StreamsOptions {
  readonly operations: string;
  readonly tokenFile?: string;
  readonly watch: boolean;
  readonly json: boolean;
}

export function streamsCommand(interruption: Interruption): Command {
  return new Command('streams')
    .description('Shows the streams of a running gateway and what became of their records.')
    .addOption(
      new Option('--operations <url>', "the gateway's operations address")
        .env('NARU_OPERATIONS_URL')
        .default(`http://${host}:${port}`),
    )
    .addOption(
      new Option('--token-file <path>', 'file with the bearer token, for a gateway beyond loopback').env(
        'NARU_OPERATIONS_TOKEN_FILE',
      ),
    )
    .option('--watch', 'a living line per stream until it is interrupted; with --json one answer a second', false)
    .option('--json', 'the whole answer as JSON', false)
    .addHelpText('after', examples('naru streams', 'naru streams --watch --operations http://127.0.0.1:9464'))
    .action(async (options: StreamsOptions) => {
      if (options.watch) await watch(options, interruption.take());
      else print(await askStreams(options), options);
    });
}

async function watch(options: StreamsOptions, signal: AbortSignal): Promise<void> {
  const display = createStreamDisplay(process.stdout);
  const startedAt = performance.now();
  while (!signal.aborted) {
    const answer = await askStreams(options, signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (!answer) return;
    if (options.json) print(answer, options);
    else display.show(answer.streams, (performance.now() - startedAt) / 1_000);
    await wait(1_000, undefined, { signal }).catch(() => {});
  }
}

function print(answer: StreamsAnswer, { json }: StreamsOptions): void {
  if (json) process.stdout.write(`${JSON.stringify(answer)}\n`);
  else for (const line of table(answer)) process.stdout.write(`${line}\n`);
}

async function askStreams({ operations, tokenFile }: StreamsOptions, signal?: AbortSignal): Promise<StreamsAnswer> {
  if (!/^https?:\/\//.test(operations) || !URL.canParse(operations)) {
    throw new CommandFailure('usage', `--operations takes a URL such as http://${host}:${port}, not "${operations}".`);
  }
  const url = `${operations.replace(/\/$/, '')}/streams`;
  const token = await readToken(tokenFile);
  let response: Response;
  try {
    response = await fetch(url, {
      signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), ...(signal ? [signal] : [])]),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });
  } catch (cause) {
    throw new CommandFailure(
      'unreachable',
      `No gateway answers at ${url}. Start one with "naru run", or name it with --operations.`,
      cause,
    );
  }
  let answer: StreamsAnswer & { readonly error?: string };
  try {
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    throw new CommandFailure(
      'unreachable',
      `What answers at ${url} is no gateway. Name the operations address of one with --operations.`,
      cause,
    );
  }
  if (response.status === 401) {
    throw new CommandFailure(
      'unreachable',
      `The gateway at ${url} asks for its token${token === undefined ? '' : ', and it is not the one that was sent'}. Name a file with it by --token-file, or set NARU_OPERATIONS_TOKEN.`,
    );
  }
  if (!response.ok) {
    throw new CommandFailure('unreachable', `The gateway at ${url} refuses: ${answer.error ?? response.status}`);
  }
  return answer;
}

/** From a file or the environment, never from an argument: those are seen by every process. */
async function readToken(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return process.env.NARU_OPERATIONS_TOKEN || undefined;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new CommandFailure('usage', `The token file ${file} cannot be read. Check path and rights.`, cause);
  }
}

function table({ totals, streams }: StreamsAnswer): string[] {
  const rows = streams.map(({ target, stream, accounts, latency }) => [
    targetKey(target),
    stream ? stream.connections.map(({ state }) => phaseOf(state)).join(' ') : 'ended',
    stream ? `${stream.confirmed}/${stream.symbols.length}` : '-',
    String(accounts.received),
    String(accounts.acknowledged),
    String(accounts.conflated),
    String(accounts.dropped),
    String(accounts.buffered),
    latency ? latency.p99.toFixed(1) : '-',
  ]);
  const header = ['stream', 'sockets', 'symbols', 'received', 'acked', 'conflated', 'dropped', 'buffered', 'p99 ms'];
  const sum = [
    'all',
    '',
    '',
    totals.received,
    totals.acknowledged,
    totals.conflated,
    totals.dropped,
    totals.buffered,
    totals.latency?.p99.toFixed(1) ?? '-',
  ];
  const lines = [header, ...rows, sum.map(String)];
  const widths = header.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Why a socket waits is somebody else's text. */
function phaseOf(state: ConnectionState): string {
  return state.phase === 'waiting' ? `waiting (${printable(state.reason.slice(0, 60))})` : state.phase;
}
