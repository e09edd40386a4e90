import { targetKey } from '@naru/core';
import type { StreamReport, StreamTotals } from '../orchestration/target-books.js';
import type { Accounts } from '../publishing/accounts.js';
import type { LatencySummary } from '../publishing/latency.js';

/** What a run came to: the last line of `naru dev --json`. */
export interface Outcome extends Accounts {
  readonly mode: 'embedded' | 'real';
  readonly seconds: number;
  readonly ticks_per_second: number;
  /** From the receipt of a tick to Kafka's acknowledgement. */
  readonly latency_ms: LatencySummary | null;
  /** From the start of the run to the first acknowledged tick. */
  readonly first_tick_ms: number | null;
  readonly streams: readonly (Accounts & {
    readonly stream: string;
    readonly symbols: number;
    readonly ticks_per_second: number;
    readonly latency_ms: LatencySummary | null;
  })[];
}

export interface RunTimes {
  /** Unix milliseconds at which the run began. */
  readonly startedAt: number;
  /** Seconds during which the streams were open. */
  readonly seconds: number;
}

/** @param open the streams as they were before they were disconnected, for their symbols */
export function summarise(
  mode: Outcome['mode'],
  { startedAt, seconds }: RunTimes,
  answer: { readonly totals: StreamTotals; readonly streams: readonly StreamReport[] },
  open: readonly StreamReport[],
): Outcome {
  const rate = (records: number): number => Math.round(records / seconds);
  const firsts = answer.streams.flatMap(({ firstAcknowledgedAt }) => firstAcknowledgedAt ?? []);
  const { latency, ...accounts } = answer.totals;
  return {
    mode,
    seconds: Math.round(seconds * 10) / 10,
    ...accounts,
    ticks_per_second: rate(accounts.acknowledged),
    latency_ms: latency,
    first_tick_ms: firsts.length === 0 ? null : Math.round(Math.min(...firsts) - startedAt),
    streams: answer.streams.map((line) => ({
      stream: targetKey(line.target),
      symbols:
        open.find((candidate) => targetKey(candidate.target) === targetKey(line.target))?.stream?.symbols.length ?? 0,
      ...line.accounts,
      ticks_per_second: rate(line.accounts.acknowledged),
      latency_ms: line.latency,
    })),
  };
}
