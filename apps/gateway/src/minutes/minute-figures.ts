import type { Target } from '@naru/core';
import { type Accounts, noAccounts } from '../publishing/accounts.js';
import type { LatencyDistribution } from '../publishing/latency.js';
import type { BatchCounts } from '../publishing/record-publisher.js';

/** What is known of a target at the end of a minute. Counts only grow, except where it says "of the minute". */
export interface MinuteSource {
  readonly target: Target;
  readonly accounts: Accounts;
  readonly bytes: number;
  /** Frames, or parts of them, that became no record. */
  readonly parseFailures: number;
  /** Gaps and broken checksums in what the exchange sent. */
  readonly upstreamGaps: number;
  readonly wantedSymbols: number;
  /** Records of the minute, by symbol. */
  readonly countBySymbol: Readonly<Record<string, number>>;
  /** Messages and their records so far. */
  readonly batches: BatchCounts;
  /** From receipt to acknowledgement, of the minute; null when nothing was acknowledged. */
  readonly latency: LatencyDistribution | null;
}

/** The figures of one minute of one target, in the words of the metrics topic. */
export interface MinuteFigures {
  readonly counting: { readonly total: number; readonly details: Readonly<Record<string, number>> };
  readonly reception: {
    readonly total_received: number;
    readonly total_parsed: number;
    readonly total_parse_failed: number;
    readonly bytes_received: number;
  };
  readonly processing: {
    readonly total_processed: number;
    readonly total_failed: number;
    readonly details: Readonly<Record<string, number>>;
  };
  readonly quality: {
    readonly data_completeness: number;
    readonly symbol_coverage: number;
    readonly avg_latency_ms: number;
    readonly p95_latency_ms: number;
    readonly p99_latency_ms: number;
    readonly health_score: number;
  };
}

export type MinuteTotals = Pick<MinuteSource, 'accounts' | 'bytes' | 'parseFailures' | 'upstreamGaps'>;

export const noTotals: MinuteTotals = {
  accounts: noAccounts,
  bytes: 0,
  parseFailures: 0,
  upstreamGaps: 0,
};

/**
 * What happened between two looks at a target.
 *
 * - `data_completeness`: parsed of what arrived and, a gap counting as one, of what should have.
 * - `symbol_coverage`: wanted symbols that sent something.
 * - `health_score`: 100 × completeness × coverage × the share of decided records that was not lost.
 */
export function minuteFigures(source: MinuteSource, before: MinuteTotals): MinuteFigures {
  // What an earlier process left in the spool arrived in another minute.
  const parsed = arrived(source.accounts) - arrived(before.accounts);
  const failed = source.parseFailures - before.parseFailures;
  const acknowledged = source.accounts.acknowledged - before.accounts.acknowledged;
  const conflated = source.accounts.conflated - before.accounts.conflated;
  const dropped = source.accounts.dropped - before.accounts.dropped;
  const gaps = source.upstreamGaps - before.upstreamGaps;
  const completeness = share(parsed, parsed + failed + gaps);
  const coverage = Math.min(1, share(Object.keys(source.countBySymbol).length, source.wantedSymbols));
  const kept = share(acknowledged + conflated, acknowledged + conflated + dropped);
  return {
    counting: { total: parsed, details: source.countBySymbol },
    reception: {
      total_received: parsed + failed,
      total_parsed: parsed,
      total_parse_failed: failed,
      bytes_received: source.bytes - before.bytes,
    },
    processing: {
      total_processed: acknowledged + conflated,
      total_failed: dropped,
      details: { acknowledged, conflated, dropped, upstream_gaps: gaps },
    },
    quality: {
      data_completeness: completeness,
      symbol_coverage: coverage,
      avg_latency_ms: source.latency?.mean ?? 0,
      p95_latency_ms: source.latency?.p95 ?? 0,
      p99_latency_ms: source.latency?.p99 ?? 0,
      health_score: 100 * completeness * coverage * kept,
    },
  };
}

function arrived({ received, recovered }: Accounts): number {
  return received - recovered;
}

/** Nothing of nothing is all of it. */
function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}
