import { targetKey } from '@naru/core';
import { Command, Option } from 'commander';
import { defaultConfig } from '../config/complete-config.js';
import type { StreamReport, StreamTotals } from '../orchestration/stream-orchestrator.js';
import { CommandFailure } from './command-failure.js';

interface StreamsAnswer {
  readonly totals: StreamTotals;
  readonly streams: readonly StreamReport[];
}

const { host, port } = defaultConfig.operations;

export function streamsCommand(): Command {
  return new Command('streams')
    .description('Shows the streams of a running gateway and what became of their records.')
    .addOption(
      new Option('--operations <url>', "the gateway's operations address")
        .env('NARU_OPERATIONS_URL')
        .default(`http://${host}:${port}`),
    )
    .option('--json', 'the whole answer as JSON', false)
    .action(async ({ operations, json }: { operations: string; json: boolean }) => {
      const answer = await ask(`${operations}/streams`);
      if (json) process.stdout.write(`${JSON.stringify(answer)}\n`);
      else for (const line of table(answer)) process.stdout.write(`${line}\n`);
    });
}

async function ask(url: string): Promise<StreamsAnswer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return (await response.json()) as StreamsAnswer;
  } catch (cause) {
    throw new CommandFailure(
      'unreachable',
      `No gateway answers at ${url}. Start one with "naru run", or name it with --operations.`,
      cause,
    );
  }
}

function table({ totals, streams }: StreamsAnswer): string[] {
  const rows = streams.map(({ target, stream, accounts, latency }) => [
    targetKey(target),
    stream ? stream.connections.map(({ state }) => state.phase).join(' ') : 'ended',
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
