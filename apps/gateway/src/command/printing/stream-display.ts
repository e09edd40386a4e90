import { targetKey } from '@naru/core';
import type { StreamReport } from '../../orchestration/target-books.js';
import { canRedraw, fitLine, fitScreen, type Output } from './terminal.js';

/** Where lines go: a terminal keeps one living line per stream, anything else gets a line now and then. */
export interface StreamDisplay {
  say(text: string): void;
  show(streams: readonly StreamReport[], elapsedSeconds: number): void;
}

/** A rate over less than this is chance; the one before is shown again. */
const leastRateSeconds = 0.5;

/** Seconds between the lines that something other than a terminal gets. */
const plainEverySeconds = 5;

export function createStreamDisplay(output: Output): StreamDisplay {
  const terminal = canRedraw(output);
  let drawn = 0;
  let lastPlainAt = 0;
  let before = new Map<string, number>();
  let rates = new Map<string, number>();
  let beforeAt = 0;

  return {
    say(text) {
      output.write(`${text}\n`);
      drawn = 0;
    },
    show(streams, elapsedSeconds) {
      if (!terminal && elapsedSeconds - lastPlainAt < plainEverySeconds) return;
      lastPlainAt = elapsedSeconds;
      const seconds = elapsedSeconds - beforeAt;
      if (seconds >= leastRateSeconds) {
        const counts = new Map(streams.map((line) => [targetKey(line.target), line.accounts.acknowledged]));
        rates = new Map([...counts].map(([name, count]) => [name, (count - (before.get(name) ?? 0)) / seconds]));
        before = counts;
        beforeAt = elapsedSeconds;
      }
      const all = streams.map((line) => streamLine(line, rates.get(targetKey(line.target)) ?? 0));
      const lines = terminal ? fitScreen(all, output, 'streams').map((line) => fitLine(line, output)) : all;
      if (terminal && drawn > 0) output.write(`\u001b[${drawn}A`);
      for (const line of lines) output.write(`${terminal ? '\u001b[2K' : ''}${line}\n`);
      drawn = lines.length;
    },
  };
}

function streamLine({ target, accounts, latency, stream }: StreamReport, rate: number): string {
  const symbols = stream ? `${stream.confirmed}/${stream.symbols.length} symbols` : 'ended';
  const waits = latency ? `p50 ${latency.p50.toFixed(1)} ms  p99 ${latency.p99.toFixed(1)} ms` : 'no tick yet';
  const lost = accounts.dropped > 0 ? `  ${accounts.dropped} dropped` : '';
  return `  ${targetKey(target).padEnd(26)} ${symbols.padEnd(14)} ${rate.toFixed(0).padStart(7)}/s  ${String(accounts.acknowledged).padStart(9)} acknowledged  ${waits}${lost}`;
}
